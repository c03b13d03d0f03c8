// guiche eval: how well a policy reads messages whose right answers are known.

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "routing/evaluation.h"
#include "routing/training.h"
#include "tools/command.h"

namespace guiche {
namespace {

struct Options {
  std::string file;
  bool errors = false, texts = false, curve = false;
};

void Show(const Evaluation& evaluation, const Options& options,
          const std::vector<v1::LabelledMessage>& messages) {
  std::cout << FormatEvaluation(evaluation);
  if (options.errors || options.texts) {
    std::cout << "\nerros, com as provas\n" << FormatErrors(evaluation);
  }
  if (!options.texts) return;
  std::cout << "\nas mensagens\n";
  for (size_t i = 0; i < messages.size(); ++i) {
    const Judged& judged = evaluation.messages[i];
    if (judged.acceptable && judged.urgent == judged.said_urgent) continue;
    std::cout << messages[i].id() << ": " << messages[i].text() << "\n";
  }
}

// With ever more of the examples.
int Curve(const v1::Policy& policy) {
  std::cout << "exemplos   certas ou aceitas   porta errada   sem resposta\n";
  for (const int percent : {20, 40, 60, 80, 100}) {
    const auto evaluation = CrossValidate(policy, kFolds, percent);
    if (!evaluation.ok()) return Fail(evaluation.status());
    std::cout << absl::StrFormat("%7d%% %18.1f%% %13.1f%% %13.1f%%\n", percent,
                                 evaluation->acceptable.Percent(),
                                 evaluation->wrong_doors.Percent(),
                                 evaluation->abstained.Percent());
  }
  return kFine;
}

int Eval(const Program& program, const Options& options) {
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return Fail(policy.status());
  if (options.curve) return Curve(*policy);
  if (options.file.empty()) {
    const auto evaluation = CrossValidate(*policy, kFolds);
    if (!evaluation.ok()) return Fail(evaluation.status());
    std::cout << "cada exemplo da política, lido sem que fosse aprendido ("
              << kFolds << " partes)\n\n";
    Show(*evaluation, options, {});
    return kFine;
  }
  const auto lines = ReadWhole(options.file);
  if (!lines.ok()) return Fail(lines.status());
  const auto messages = ReadLabelled(*lines);
  if (!messages.ok()) return Fail(messages.status());
  const auto router = Router::Compile(*policy);
  if (!router.ok()) return Fail(router.status());
  const auto evaluation = Evaluate(*router, *messages);
  if (!evaluation.ok()) return Fail(evaluation.status());
  Show(*evaluation, options, *messages);
  return kFine;
}

}  // namespace

void AddEval(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "eval",
      "Mede a política em mensagens de resposta conhecida; sem arquivo, nos "
      "próprios exemplos, cada um lido sem ter sido aprendido");
  command
      ->add_option("arquivo", options->file,
                   "Linhas JSON com text, expect_area, also_ok, urgent, style; "
                   "\"-\" é stdin")
      ->type_name("ARQUIVO");
  command->add_flag("--errors", options->errors,
                    "Mostra cada erro com as provas, sem as mensagens");
  command->add_flag("--texts", options->texts,
                    "Mostra também as mensagens dos erros");
  command->add_flag("--curve", options->curve,
                    "Mede com 20% dos exemplos, com 40%, e assim até todos");
  command->callback(
      [&program, options] { program.exit_code = Eval(program, *options); });
}

}  // namespace guiche
