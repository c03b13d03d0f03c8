// guiche train: the linear model of a policy, from its own wordings.

#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "routing/training.h"
#include "tools/command.h"

namespace guiche {
namespace {

constexpr char kHeader[] =
    "# proto-file: guiche/v1/policy.proto\n"
    "# proto-message: guiche.v1.Policy\n"
    "# Escrito por `guiche train` a partir das frases e dos exemplos; não se "
    "edita.\n";

struct Options {
  std::string out;
  bool check = false;
};

int Check(const v1::Policy& policy) {
  if (!policy.has_model()) {
    std::cout << "a política não tem modelo; escreva um com guiche train\n";
    return kNo;
  }
  if (policy.model().trained_from() != TrainingDigest(policy)) {
    std::cout << "as frases ou os exemplos mudaram depois do modelo, ou o "
                 "modelo foi mexido; rode guiche train de novo\n";
    return kNo;
  }
  std::cout << "o modelo é das frases e dos exemplos de agora\n";
  return kFine;
}

int Learn(const Program& program, const Options& options) {
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return Fail(policy.status());
  if (options.check) return Check(*policy);
  auto model = Train(*policy);
  if (!model.ok()) return Fail(model.status());
  v1::Policy told;
  *told.mutable_model() = *std::move(model);
  std::string text;
  google::protobuf::TextFormat::PrintToString(told, &text);
  if (options.out.empty()) {
    std::cout << kHeader << text;
    return kFine;
  }
  std::ofstream file(options.out, std::ios::binary);
  file << kHeader << text;
  file.close();
  if (!file) {
    return Fail(absl::DataLossError(
        absl::StrCat(options.out, ": não pôde ser escrito")));
  }
  const v1::Model& made = told.model();
  std::cerr << made.classes_size() << " classes, " << made.ByteSizeLong()
            << " bytes; mínimo de " << made.least_score()
            << " pontos, vantagem de " << made.least_area_lead()
            << " entre áreas e " << made.least_lead() << " entre pedidos\n";
  return kFine;
}

}  // namespace

void AddTrain(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "train",
      "Aprende o modelo da política com as frases e os exemplos dela: o mesmo "
      "modelo, byte por byte, em qualquer máquina");
  command
      ->add_option("--out", options->out,
                   "Onde escrever o modelo, textproto; sem ele, stdout")
      ->type_name("ARQUIVO");
  command->add_flag("--check", options->check,
                    "Só diz se o modelo é das frases de agora (saída 2: não)");
  command->callback(
      [&program, options] { program.exit_code = Learn(program, *options); });
}

}  // namespace guiche
