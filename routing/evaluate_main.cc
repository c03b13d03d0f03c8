// Measures a policy on labelled messages:
//   bazel run //routing:evaluate -- a.textproto b.textproto messages.jsonl
// With --train, a model is trained first; with --folds, it is measured on the
// policy's own examples. With --say TEXT instead of the
// messages, prints the answer to one.

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "routing/evaluation.h"
#include "routing/router.h"
#include "routing/training.h"

namespace {

bool ReadFile(const std::string& path, std::string& contents) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream buffer;
  buffer << file.rdbuf();
  contents = buffer.str();
  if (!file) std::cerr << path << ": cannot be read\n";
  return static_cast<bool>(file);
}

}  // namespace

int main(int argc, char** argv) {
  guiche::v1::Policy policy;
  std::vector<std::string> messages, said;
  bool train = false, folds = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    std::string contents;
    if (argument == "--folds") {
      folds = true;
      continue;
    }
    if (argument == "--train") {
      train = true;
      continue;
    }
    if (argument == "--say" && i + 1 < argc) {
      said.push_back(argv[++i]);
      continue;
    }
    if (!ReadFile(argument, contents)) return 1;
    if (argument.size() > 6 &&
        argument.compare(argument.size() - 6, 6, ".jsonl") == 0) {
      messages.push_back(contents);
      continue;
    }
    guiche::v1::Policy part;
    google::protobuf::TextFormat::Parser parser;
    if (!parser.ParseFromString(contents, &part)) {
      std::cerr << argument << ": is no textproto of guiche.v1.Policy\n";
      return 1;
    }
    policy.MergeFrom(part);
  }
  if (train) {
    auto model = guiche::Train(policy);
    if (!model.ok()) {
      std::cerr << model.status().message() << "\n";
      return 1;
    }
    std::cout << "model of " << model->ByteSizeLong() << " bytes, phrases "
              << model->phrase_points() << " score " << model->least_score()
              << " lead " << model->least_lead() << " area lead "
              << model->least_area_lead() << "\n";
    *policy.mutable_model() = *std::move(model);
  }
  const auto router = guiche::Router::Compile(policy);
  if (!router.ok()) {
    std::cerr << router.status().message() << "\n";
    return 1;
  }
  for (const std::string& text : said) {
    guiche::v1::RouteRequest request;
    request.set_text(text);
    const auto answer = router->Route(request);
    std::string printed;
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    if (answer.ok()) printer.PrintToString(*answer, &printed);
    std::cout << printed << answer.status() << "\n";
  }
  if (folds) {
    const auto evaluation = guiche::CrossValidate(policy, guiche::kFolds);
    std::cout << guiche::FormatEvaluation(*evaluation)
              << guiche::FormatErrors(*evaluation);
  }
  for (const std::string& lines : messages) {
    const auto labelled = guiche::ReadLabelled(lines);
    if (!labelled.ok()) {
      std::cerr << labelled.status().message() << "\n";
      return 1;
    }
    const auto evaluation = guiche::Evaluate(*router, *labelled);
    if (!evaluation.ok()) {
      std::cerr << evaluation.status().message() << "\n";
      return 1;
    }
    std::cout << guiche::FormatEvaluation(*evaluation) << "\n"
              << guiche::FormatErrors(*evaluation);
  }
  return 0;
}
