#include "routing/router.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "policy/mato_grosso.h"
#include "routing/understanding.h"
#include "tests/routing/policies.h"

namespace {
std::atomic<int> allocations{0};
}  // namespace

void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace guiche {
namespace {

constexpr char kGrave[] = R"pb(
  needs {
    id: "perseguicao"
    area: "mulher"
    name: "perseguição"
    precedence: DANGER
    wordings { phrases: "persegu*" }
  }
  referrals {
    id: "incendio"
    name: "Incêndio"
    urgent: true
    wordings { phrases: "fogo" }
    to: "193"
  }
)pb";

Router Compiled(const v1::Policy& policy) {
  return Router::Compile(policy).value();
}

class RouterTest : public testing::Test {
 protected:
  v1::RouteAnswer Route(const std::string& request) const {
    v1::RouteRequest asked;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(request, &asked));
    return router_.Route(asked).value();
  }
  absl::Status Error(const std::string& request) const {
    v1::RouteRequest asked;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(request, &asked));
    return router_.Route(asked).status();
  }

  Router router_ =
      Compiled(PolicyOf(kGround, kLexicon, kTopics, kGrave, kRoutes));
};

struct RouteCase {
  const char* name;
  std::string request;
  // `OUTCOME area need unit rule`, a dash for what is empty, then `urgent` and
  // `ask_place` if so.
  std::string told;
};
class RouteTest : public RouterTest,
                  public testing::WithParamInterface<RouteCase> {};

TEST_P(RouteTest, Tells) {
  const v1::RouteAnswer answer = Route(GetParam().request);
  const auto dash = [](const std::string& text) {
    return text.empty() ? "-" : text;
  };
  std::string told =
      absl::StrCat(v1::RouteAnswer::Outcome_Name(answer.outcome()), " ",
                   dash(answer.area()), " ", dash(answer.need()), " ",
                   dash(answer.unit().id()), " ", dash(answer.rule()));
  if (answer.urgent()) told += " urgent";
  if (answer.ask_place()) told += " ask_place";
  EXPECT_EQ(told, GetParam().told);
  EXPECT_EQ(answer.reason().rule(), answer.rule());
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RouteTest,
    testing::ValuesIn<RouteCase>({
        {"Text", R"(text: "quero pensão, moro em sinop")",
         "ROUTED familia pensao nucleo_norte routes[geral]"},
        {"GivenPlaceWins",
         R"(text: "pensão, moro em sinop" place: "VARZEA GRANDE")",
         "ROUTED familia pensao nucleo_sul routes[geral]"},
        {"PlaceNotKnown", R"(text: "quero pensão")",
         "ROUTED familia pensao central routes[geral] ask_place"},
        {"PlaceServedByNone", R"(text: "pensão" place: "5")",
         "ROUTED familia pensao central routes[geral]"},
        {"MoreSpecific", R"(need: "protetiva" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher] urgent"},
        {"ByArea", R"(area: "mulher" place: "vg")",
         "ROUTED mulher - nudem routes[mulher]"},
        {"AreaThenTextTellsNeed",
         R"(area: "familia" text: "pensão" place: "1")",
         "ROUTED familia pensao nucleo_norte routes[geral]"},
        {"TextOfAnotherArea", R"(area: "criminal" text: "pensão" place: "1")",
         "ROUTED criminal - nucleo_norte routes[geral]"},
        {"BareTopicIsNotUrgent", R"(text: "medida protetiva" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher]"},
        {"EventIsUrgent",
         R"(text: "ontem de noite ele me bateu outra vez" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher] urgent"},
        {"FactIsUrgent", R"(text: "pensão" place: "1" facts: "urgent")",
         "ROUTED familia pensao nucleo_norte routes[geral] urgent"},
        {"AlarmAssumesItsNeed", R"(text: "ele vai me matar" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher] urgent"},
        {"DangerOutranks", R"(text: "divórcio, ele vai me matar" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher] urgent"},
        {"DangerOutranksAReferral", R"(text: "inss, vai me matar" place: "3")",
         "ROUTED mulher protetiva nudem routes[mulher] urgent"},
        {"DangerLeavesADecidedNeed",
         R"(text: "medida protetiva, vai me matar" place: "1")",
         "ROUTED mulher protetiva nucleo_norte routes[geral] urgent"},
        {"DangerLeavesANeedAsGrave",
         R"(text: "ele persegue e vai me matar" place: "1")",
         "ROUTED mulher perseguicao nucleo_norte routes[geral] urgent"},
        {"UrgentReferral", R"(text: "pegou fogo")",
         "REFER - - - referrals[incendio] urgent"},
        {"Refer", R"(text: "o INSS cortou")", "REFER - - - referrals[inss]"},
        {"Unsure", R"(text: "visita")", "ASK - - - -"},
        {"SameDoorIsEnough", R"(text: "divórcio ou guarda" place: "1")",
         "ROUTED familia - nucleo_norte routes[geral]"},
        {"Greeting", R"(text: "oi, bom dia")", "ASK - - - -"},
        {"Nothing", "", "ASK - - - -"},
        {"NotUnderstood", R"(text: "xyz" place: "1")",
         "HUMAN - - nucleo_norte routes[geral]"},
        {"PersonAskedFor", R"(text: "falar com atendente" place: "1")",
         "HUMAN atendimento atendente nucleo_norte routes[geral]"},
        {"HumanArea", R"(area: "atendimento" place: "1")",
         "HUMAN atendimento - nucleo_norte routes[geral]"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(RouterTest, FillsTheAnswer) {
  const v1::RouteAnswer answer =
      Route(R"(text: "visita no presídio, acordo" place: "claudia")");
  EXPECT_EQ(answer.need(), "visita_presidio");
  EXPECT_EQ(answer.place(), "2");
  EXPECT_EQ(answer.place_name(), "Cláudia");
  EXPECT_EQ(answer.unit().name(), "Núcleo Norte");
  EXPECT_EQ(answer.certainty(), v1::UNCONFIRMED);
  EXPECT_EQ(answer.reason().act(), "res");
  EXPECT_EQ(answer.reason().act_title(), "Resolução 1");
  EXPECT_EQ(answer.reason().act_url(), "https://example.org/1");
  EXPECT_THAT(answer.facts(), testing::ElementsAre("detained"));
  ASSERT_EQ(answer.candidates_size(), 1);
  EXPECT_EQ(answer.candidates(0).need(), "guarda");
  EXPECT_EQ(answer.referral().id(), "conciliacao");
  EXPECT_EQ(Route(R"(text: "pensao" place: "1")").certainty(), v1::CONFIRMED);
}

TEST_F(RouterTest, TellsWhomToCall) {
  const v1::RouteAnswer answer = Route(R"(text: "vai me matar")");
  ASSERT_EQ(answer.emergency_size(), 2);
  EXPECT_EQ(answer.emergency(0).number(), "190");
  EXPECT_EQ(answer.emergency(1).number(), "180");
}

TEST_F(RouterTest, AsksInTheRightWords) {
  EXPECT_EQ(Route(R"(text: "visita")").question(), "Sobre o que é?");
  EXPECT_EQ(Route(R"(text: "pensão")").question(), "Em que cidade você mora?");
  EXPECT_EQ(Route(R"(text: "cuota alimentaria")").question(),
            "¿En qué ciudad vive?");
  EXPECT_EQ(Route(R"(text: "pensão" language: "es-BO")").question(),
            "¿En qué ciudad vive?");
  EXPECT_EQ(Route(R"(text: "pensão" language: "fr")").question(),
            "Em que cidade você mora?");
  EXPECT_EQ(Route(R"(text: "divórcio ou visita")").candidates(0).name(),
            "Quero me separar");
  // The areas with most needs first, those of a person left out.
  const v1::RouteAnswer greeting = Route(R"(text: "oi")");
  ASSERT_EQ(greeting.candidates_size(), 3);
  EXPECT_EQ(greeting.candidates(0).name(), "Família");
}

TEST_F(RouterTest, SaysWhatIsNotKnown) {
  EXPECT_EQ(Error(R"(need: "pensa")"),
            absl::InvalidArgumentError(
                "need: \"pensa\" is no need; did you mean \"pensao\"?"));
  EXPECT_EQ(Error(R"(area: "xyzxyz")"),
            absl::InvalidArgumentError("area: \"xyzxyz\" is no area"));
  EXPECT_EQ(Error(R"(facts: "minor" facts: "minro")"),
            absl::InvalidArgumentError(
                "facts[1]: \"minro\" is no fact; did you mean \"minor\"?"));
  EXPECT_EQ(Error(R"(place: "Sinopi")").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Error(R"(need: "pensao" area: "mulher")"),
            absl::InvalidArgumentError(
                "area: \"mulher\" is not the area of need \"pensao\"; write "
                "\"familia\", or leave it out"));
  v1::RouteRequest request;
  request.set_text(std::string(kLongestText, ' '));
  EXPECT_TRUE(router_.Route(request).ok());
  request.mutable_text()->push_back(' ');
  EXPECT_EQ(
      router_.Route(request).status(),
      absl::InvalidArgumentError("text: has 1048577 bytes; at most 1048576"));
}

TEST_F(RouterTest, NeverRepeatsTheText) {
  const v1::RouteAnswer answer = Route(R"(text: "Zulmira quer pensão já")");
  EXPECT_EQ(answer.DebugString().find("Zulmira"), std::string::npos);
}

TEST_F(RouterTest, AssignsAnyNumbers) {
  for (const int number : {-5, -1, 0, 3, 99, 1 << 30}) {
    const Assignment assigned =
        router_.Assign({number, number, number, ~uint64_t{0}});
    EXPECT_GE(assigned.unit, 0);
    EXPECT_NE(assigned.rule, "");
  }
}

TEST_F(RouterTest, RepeatsAnUnknownIdUpToTheEndOfACharacter) {
  const std::string start(99, 'x');
  EXPECT_THAT(std::string(router_.FindNeed(start + "çç").status().message()),
              testing::StartsWith("need: \"" + start + "\" is no need"));
}

TEST_F(RouterTest, AssignAllocatesNothing) {
  const Request request{router_.FindNeed("protetiva").value(), -1,
                        router_.FindPlace("vg").value(), 7};
  const int before = allocations;
  const Assignment assigned = router_.Assign(request);
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(assigned.unit_id, "nudem");
}

// All words of the policy's own examples are known.
TEST(UnderstandingTest, ReadingAgainAllocatesNothing) {
  const v1::Policy policy = MatoGrosso();
  const Understanding understanding = Understanding::Compile(policy).value();
  Reading reading;
  int read = 0;
  for (const v1::Need& need : policy.needs()) {
    for (const v1::Wording& wording : need.wordings()) {
      for (const std::string& text : wording.examples()) {
        understanding.Understand(text, reading);
        if (text.size() > 500 ||
            std::count(text.begin(), text.end(), ' ') > 50) {
          continue;
        }
        const int before = allocations;
        understanding.Understand(text, reading);
        EXPECT_EQ(allocations, before) << text;
        ++read;
      }
    }
  }
  EXPECT_GT(read, 5'000);
}

TEST_F(RouterTest, AnyNumberOfThreadsMayAsk) {
  v1::RouteRequest request;
  request.set_text("divorsio em sinop, vai me matar");
  const std::string expected = router_.Route(request)->SerializeAsString();
  std::vector<std::thread> threads;
  std::atomic<int> differing{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &request, &expected, &differing] {
      const Router copy = router_;
      for (int round = 0; round < 200; ++round) {
        differing += copy.Route(request)->SerializeAsString() != expected;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(differing, 0);
}

TEST_F(RouterTest, ListsWhatRoutesLeave) {
  EXPECT_TRUE(router_.Defaults().empty());
  const Router partial =
      Compiled(PolicyOf(kGround, kTopics, R"pb(routes {
                                                 id: "x"
                                                 needs: "pensao"
                                                 places: "1"
                                                 unit_of_place: true
                                                 act: "res"
                                               })pb"));
  const std::vector<std::string> left = partial.Defaults();
  EXPECT_EQ(left.size(), 1u + 4 + 6);
  EXPECT_THAT(left, testing::Contains(
                        "needs[pensao]: routes leave 1 of 2 situations to "
                        "default_unit \"central\", as need \"pensao\" without "
                        "a place"));
  EXPECT_TRUE(partial.Assign({0, -1, 0, 0}).ask_place);
  EXPECT_FALSE(partial.Assign({1, -1, 0, 0}).ask_place);
  EXPECT_EQ(partial.Assign({1, -1, 0, 0}).rule, "default_unit");
}

TEST(RouterCompileTest, WitnessesConflicts) {
  const auto compiled = Router::Compile(PolicyOf(kGround, kTopics, R"pb(
    routes { id: "a" needs: "pensao" unit: "nudem" act: "res" }
    routes { id: "b" places: "sul" facts: "minor" unit: "central" act: "res" }
  )pb"));
  EXPECT_THAT(
      compiled,
      Blames("routes[b]",
             "and routes[a] both take need \"pensao\" at place \"sul\" with "
             "fact \"minor\", and neither is more specific"));
}

TEST(RouterCompileTest, ARouteForTheOverlapSettlesAConflict) {
  EXPECT_TRUE(Router::Compile(PolicyOf(kGround, kTopics, R"pb(
                routes { id: "a" needs: "pensao" unit: "nudem" act: "res" }
                routes { id: "b" places: "sul" unit: "central" act: "res" }
                routes {
                  id: "c"
                  needs: "pensao"
                  places: "sul"
                  unit: "nudem"
                  act: "res"
                }
              )pb"))
                  .ok());
}

TEST(RouterCompileTest, TwinsConflict) {
  EXPECT_THAT(Router::Compile(PolicyOf(kGround, kTopics, R"pb(
                routes { id: "a" unit: "nudem" act: "res" }
                routes { id: "b" unit: "central" act: "res" }
              )pb")),
              Blames("routes[b]", "and routes[a] both take"));
}

TEST(RouterCompileTest, BlamesWhatNeverWins) {
  // Whoever visits a prisoner has the fact, so `b` is all that `a` is.
  EXPECT_THAT(
      Router::Compile(PolicyOf(kGround, kTopics, R"pb(
        routes { id: "a" needs: "visita_presidio" unit: "nudem" act: "res" }
        routes {
          id: "b"
          needs: "visita_presidio"
          facts: "detained"
          places: "mt"
          unit: "central"
          act: "res"
        }
      )pb")),
      Blames("routes[b]", "both take need \"visita_presidio\""));
  EXPECT_THAT(Router::Compile(PolicyOf(kGround, kTopics, R"pb(
                routes { id: "all" areas: "mulher" unit: "nudem" act: "res" }
                routes {
                  id: "one"
                  areas: "mulher"
                  places: "mt"
                  facts: "minor"
                  unit: "central"
                  act: "res"
                }
                routes {
                  id: "two"
                  needs: "pensao"
                  areas: "mulher"
                  unit: "central"
                  act: "res"
                }
              )pb")),
              Blames("routes[two]", "matches nothing"));
  EXPECT_THAT(Router::Compile(PolicyOf(kGround, kTopics, R"pb(
                routes {
                  id: "area"
                  areas: "criminal"
                  needs: "visita_presidio"
                  unit: "nudem"
                  act: "res"
                }
                routes {
                  id: "north"
                  needs: "visita_presidio"
                  places: "norte"
                  unit: "central"
                  act: "res"
                }
                routes {
                  id: "south"
                  needs: "visita_presidio"
                  places: "1"
                  places: "2"
                  facts: "detained"
                  unit: "central"
                  act: "res"
                }
                routes {
                  id: "wide"
                  places: "1"
                  places: "2"
                  needs: "visita_presidio"
                  facts: "minor"
                  unit: "central"
                  act: "res"
                }
                routes {
                  id: "wider"
                  places: "1"
                  places: "2"
                  needs: "visita_presidio"
                  facts: "minor"
                  facts: "detained"
                  unit: "central"
                  act: "res"
                }
              )pb")),
              Blames("routes[wider]", "and routes[wide] both take"));
}

TEST(RouterCompileTest, NamesTheTakersOfARouteThatNeverWins) {
  EXPECT_THAT(
      Router::Compile(PolicyOf(kGround, kTopics, R"pb(
        routes {
          id: "both"
          areas: "mulher"
          areas: "criminal"
          needs: "protetiva"
          needs: "visita_presidio"
          unit: "nudem"
          act: "res"
        }
        routes { id: "m" needs: "protetiva" unit: "central" act: "res" }
        routes { id: "p" needs: "visita_presidio" unit: "central" act: "res" }
      )pb")),
      Blames("routes[both]",
             "never wins; routes[m] and routes[p] take all it would take"));
}

TEST(RouterCompileTest, NamesEveryProblem) {
  const auto compiled = Router::Compile(PolicyOf(kGround, kTopics, R"pb(
    routes {
      id: "a"
      needs: "pensa"
      areas: "x"
      places: "9"
      facts: "minro"
      unit: "nudme"
    }
    routes { id: "b" act: "rse" }
    routes { id: "b" unit_of_place: true act: "res" }
  )pb"));
  EXPECT_THAT(compiled,
              Blames("routes[a].needs[0]", "did you mean \"pensao\"?"));
  EXPECT_THAT(compiled, Blames("routes[a].areas[0]", "\"x\" is no area"));
  EXPECT_THAT(compiled, Blames("routes[a].places[0]", "\"9\" is no place"));
  EXPECT_THAT(compiled,
              Blames("routes[a].facts[0]", "did you mean \"minor\"?"));
  EXPECT_THAT(compiled, Blames("routes[a].unit", "did you mean \"nudem\"?"));
  EXPECT_THAT(compiled, Blames("routes[a].act", "is empty"));
  EXPECT_THAT(compiled, Blames("routes[b]", "names no unit"));
  EXPECT_THAT(compiled, Blames("routes[b].act", "did you mean \"res\"?"));
  EXPECT_THAT(compiled, Blames("routes[b]", "is there twice"));
}

TEST(RouterCompileTest, CapsAreQuoted) {
  v1::Policy policy = PolicyOf(kGround, kTopics);
  for (int i = 0; i < 13; ++i) {
    policy.add_facts()->set_id(absl::StrCat("f", i));
    v1::Route& route = *policy.add_routes();
    route.set_id(absl::StrCat("r", i));
    route.add_facts(absl::StrCat("f", i));
    route.set_unit("central");
    route.set_act("res");
  }
  EXPECT_THAT(Router::Compile(policy),
              Blames("routes", "ask about 13 facts; at most 12"));
}

TEST(RouterCompileTest, APolicyWithoutRoutingIsFine) {
  v1::Policy policy;
  policy.set_id("calendar");
  const Router router = Compiled(policy);
  EXPECT_EQ(router.Assign({}).unit, -1);
  v1::RouteRequest request;
  request.set_text("oi");
  EXPECT_EQ(router.Route(request)->outcome(), v1::RouteAnswer::HUMAN);
}

// The order of a policy's elements changes no answer.
TEST(RouterCompileTest, OrderIsMeaningless) {
  const v1::Policy policy = PolicyOf(kGround, kLexicon, kTopics, kRoutes);
  v1::Policy reversed = policy;
  const auto reverse = [](auto* list) {
    std::reverse(list->begin(), list->end());
  };
  reverse(reversed.mutable_needs());
  reverse(reversed.mutable_areas());
  reverse(reversed.mutable_facts());
  reverse(reversed.mutable_routes());
  reverse(reversed.mutable_places());
  reverse(reversed.mutable_units());
  reverse(reversed.mutable_referrals());
  const Router one = Compiled(policy), other = Compiled(reversed);
  for (const char* text :
       {"visita", "pensão em sinop", "divórcio, visita, guarda", "oi",
        "medida protetiva, acordo, vai me matar em vg", "presídio"}) {
    v1::RouteRequest request;
    request.set_text(text);
    EXPECT_EQ(one.Route(request)->SerializeAsString(),
              other.Route(request)->SerializeAsString())
        << text;
  }
}

}  // namespace
}  // namespace guiche
