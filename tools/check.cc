// guiche check: every problem of a policy. guiche test: cases with answers.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "desk/suite.h"
#include "policy/json.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"
#include "policy/problems.h"
#include "routing/notes.h"
#include "routing/training.h"
#include "routing/wordings.h"
#include "tools/command.h"
#include "tools/portuguese.h"

namespace guiche {
namespace {

void Add(v1::PolicyProblems& list, v1::PolicyProblem::Severity severity,
         absl::string_view path, absl::string_view problem) {
  v1::PolicyProblem& added = *list.add_problems();
  added.set_severity(severity);
  added.set_path(std::string(path));
  added.set_problem(std::string(problem));
}

// What a status says, a problem a line: `path: problem`.
v1::PolicyProblems AllOf(const absl::Status& status) {
  v1::PolicyProblems list = ProblemsOf(status);
  if (status.ok() || list.problems_size() > 0) return list;
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    Add(list, v1::PolicyProblem::ERROR, parts[0],
        parts.size() > 1 ? parts[1] : "");
  }
  return list;
}

int Check(const Program& program, const std::vector<std::string>& files,
          bool english) {
  const auto policy = files.empty() ? ReadPolicy(program) : LoadPolicy(files);
  if (absl::IsNotFound(policy.status())) return Fail(policy.status());
  v1::PolicyProblems list = AllOf(policy.status());
  if (policy.ok()) {
    const auto desk = Desk::Compile(*policy);
    list = AllOf(desk.status());
    if (desk.ok()) {
      if (policy->has_model() &&
          policy->model().trained_from() != TrainingDigest(*policy)) {
        Add(list, v1::PolicyProblem::NOTE, "model",
            "wordings have changed since it was trained, or the model itself "
            "was changed; run guiche train");
      }
      if (!policy->has_model() && policy->needs_size() > 0) {
        Add(list, v1::PolicyProblem::NOTE, "model",
            "is missing, so that only phrases count; run guiche train");
      }
      Problems notes;
      NotePolicy(*policy, desk->router().understanding(), notes);
      NoteWordings(*policy, desk->router().understanding(), notes);
      list.MergeFrom(notes.list());
      for (const std::string& line : desk->router().Defaults()) {
        const std::vector<std::string> parts =
            absl::StrSplit(line, absl::MaxSplits(": ", 1));
        Add(list, v1::PolicyProblem::NOTE, parts[0], parts[1]);
      }
    }
  }
  int errors = 0, notes = 0;
  for (const v1::PolicyProblem& problem : list.problems()) {
    (problem.severity() == v1::PolicyProblem::ERROR ? errors : notes) += 1;
  }
  if (program.json()) {
    std::cout << ToJson(list, JsonLayout::kIndented);
  } else {
    for (const v1::PolicyProblem& problem : list.problems()) {
      std::cout << (problem.severity() == v1::PolicyProblem::ERROR ? "erro: "
                                                                   : "nota: ")
                << problem.path() << ": "
                << (english ? problem.problem()
                            : InPortuguese(problem.problem()))
                << "\n";
    }
    std::cout << errors << (errors == 1 ? " erro, " : " erros, ") << notes
              << (notes == 1 ? " nota\n" : " notas\n");
  }
  return errors > 0 ? kNo : kFine;
}

int Test(const Program& program, const std::vector<std::string>& files,
         bool coverage) {
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return Fail(policy.status());
  std::vector<SuiteResult> results;
  int passed = 0, failed = 0;
  for (const std::string& file : files) {
    const auto text = ReadWhole(file);
    if (!text.ok()) return Fail(text.status());
    const auto suite = ReadSuite(file, *text);
    if (!suite.ok()) return Fail(suite.status());
    const auto result = RunSuite(*policy, *suite);
    if (!result.ok()) return Fail(result.status());
    for (const CaseResult& one : result->cases) {
      if (one.differences.empty()) continue;
      std::cout << "falhou: " << file << ": " << one.name << "\n";
      for (const std::string& difference : one.differences) {
        std::cout << "  " << difference << "\n";
      }
    }
    failed += result->failed;
    passed += static_cast<int>(result->cases.size()) - result->failed;
    results.push_back(*result);
  }
  if (coverage) {
    for (const std::string& rule : RulesNotMet(*policy, results)) {
      std::cout << "sem caso: " << rule << "\n";
    }
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed > 0 ? kNo : kFine;
}

}  // namespace

void AddCheck(CLI::App& app, Program& program) {
  struct Options {
    std::vector<std::string> files;
    std::string language = "pt";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "check",
      "Todos os problemas de uma política, lacunas inclusive (saída 2: há "
      "erros)");
  AddFormat(*command, program);
  command
      ->add_option("--language", options->language,
                   "Língua dos problemas em texto: pt, ou en, a da API")
      ->check(CLI::IsMember({"pt", "en"}))
      ->capture_default_str();
  command
      ->add_option(
          "arquivos", options->files,
          "Arquivos da política; sem eles, a de --policy ou a embutida")
      ->type_name("ARQUIVO");
  command->callback([&program, options] {
    program.exit_code =
        Check(program, options->files, options->language == "en");
  });
}

void AddTest(CLI::App& app, Program& program) {
  struct Options {
    std::vector<std::string> files;
    bool coverage = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "test", "Casos com a resposta que se espera (saída 2: algum falhou)");
  command
      ->add_option("arquivos", options->files,
                   "Casos, guiche.v1.TestSuite em textproto; \"-\" é stdin")
      ->required()
      ->type_name("ARQUIVO");
  command->add_flag("--coverage", options->coverage,
                    "Mostra as regras em que nenhum caso se apoia");
  command->callback([&program, options] {
    program.exit_code = Test(program, options->files, options->coverage);
  });
}

}  // namespace guiche
