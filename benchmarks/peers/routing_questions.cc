// Writes what benchmarks/peers/routing.py asks others, into the directory that
// the command line names. "phrases": the phrases, one a line, an empty line,
// and of each message the numbers of the phrases that guiche finds, a tab and
// its words. "examples": the policy's own messages, labelled as `guiche eval`
// reads them; up to the last "-" an id is that of the need or referral.

#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_join.h"
#include "benchmarks/phrases_asked.h"
#include "policy/json.h"
#include "policy/mato_grosso.h"
#include "routing/training.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: routing_questions DIRECTORY\n";
    return 1;
  }
  const std::string directory = argv[1];
  const guiche::Asked& asked = guiche::TheAsked();
  std::ofstream phrases(directory + "/phrases");
  for (const std::string& phrase : asked.spaced_phrases) {
    phrases << phrase << "\n";
  }
  phrases << "\n";
  guiche::Guiche guiche;
  for (size_t i = 0; i < asked.messages.size(); ++i) {
    guiche::Found found;
    guiche.Find(i, found);
    phrases << absl::StrJoin(guiche::Sorted(found), " ") << "\t"
            << asked.spaced_messages[i] << "\n";
  }
  std::ofstream examples(directory + "/examples");
  const auto folds = guiche::FoldsOf(guiche::MatoGrosso(), 1);
  for (const auto& message : folds[0].held_out) {
    examples << guiche::ToJson(message) << "\n";
  }
  phrases.close();
  examples.close();
  return phrases && examples ? 0 : 1;
}
