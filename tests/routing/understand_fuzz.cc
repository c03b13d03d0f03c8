// Any bytes are read, and the clues lie within them.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "google/protobuf/text_format.h"
#include "guiche/v1/policy.pb.h"
#include "routing/understanding.h"

namespace guiche {
namespace {

const Understanding& TheUnderstanding() {
  static const Understanding& understanding = *[] {
    v1::Policy policy;
    google::protobuf::TextFormat::ParseFromString(
        R"pb(
          areas { id: "familia" name: "Família" }
          needs {
            id: "pensao"
            area: "familia"
            name: "pensão"
            wordings {
              phrases: "não paga ... pensão"
              phrases: "pens* ... filho|filha ... mês"
              decides: "pensão alimentícia"
              forbids: "pensão por morte"
            }
          }
          alarms {
            id: "perigo"
            name: "perigo"
            wordings { phrases: "me matar" }
          }
          lexicon {
            abbreviations { written: "b.o." means: "boletim de ocorrência" }
            negations: "não"
            courtesies: "bom dia"
            place_cues: "em"
          }
          model {
            classes { of: "needs[pensao]" bias: -4000 step: 90 weights: "D8+f" }
            classes { of: "alarms" bias: -4000 step: 90 weights: "H5s=" }
            phrase_points: 100
            least_score: 300
            least_urgent: 500
          }
        )pb",
        &policy);
    return new Understanding(Understanding::Compile(policy).value());
  }();
  return understanding;
}

}  // namespace
}  // namespace guiche

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const guiche::Clue& clue :
       guiche::TheUnderstanding().Understand(text).clues) {
    if (clue.begin >= clue.end || clue.end > size) std::abort();
  }
  return 0;
}
