#include "desk/desk.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "desk/call.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/json.h"
#include "policy/problems.h"
#include "tests/desk/policies.h"

namespace guiche {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Desk SmallDesk() {
  auto desk = Desk::Compile(SmallPolicy());
  EXPECT_TRUE(desk.ok()) << desk.status();
  return *desk;
}

v1::DecisionRequest Ask(const std::string& text, const std::string& at,
                        const std::string& place = "") {
  v1::DecisionRequest request;
  request.set_text(text);
  request.set_at(at);
  request.set_place(place);
  return request;
}

constexpr char kThursdayNoon[] = "2026-01-08T12:00:00-04:00";
constexpr char kThursdayMorning[] = "2026-01-08T11:59:59-04:00";

TEST(DeskTest, DecidesUnitWindowAndReply) {
  const auto decision = SmallDesk().Decide(
      Ask("quero pensão alimentícia", kThursdayNoon, "Sinop"));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->route().unit().id(), "n_sinop");
  EXPECT_EQ(decision->availability().state(), v1::Availability::OPEN);
  EXPECT_EQ(decision->availability().place(), "sinop");
  EXPECT_EQ(decision->reply(),
            "Quem atende é: Núcleo de Sinop.\n\n"
            "Aberto até quinta-feira, 8 de janeiro, às 18h.");
}

// In brief an answer is what it is in full.
TEST(DeskTest, DecidesInBriefAsInFull) {
  v1::Policy policy = SmallPolicy();
  policy.mutable_areas(1)->set_human(true);
  policy.mutable_needs(1)->set_urgent(true);
  policy.mutable_needs(2)->add_facts("urgent");
  policy.mutable_units(0)->set_service("telefone");
  policy.mutable_units(1)->set_service("plantao");
  policy.mutable_units(1)->clear_place();
  const auto desk = Desk::Compile(policy);
  ASSERT_TRUE(desk.ok()) << desk.status();
  int compared = 0;
  for (int need = -1; need < policy.needs_size(); ++need) {
    for (int area = -1; area < policy.areas_size(); ++area) {
      if (need >= 0 && area >= 0) continue;
      for (int place = -1; place < policy.places_size(); ++place) {
        for (uint64_t facts : {0, 1}) {
          for (const char* at :
               {kThursdayNoon, kThursdayMorning, "2026-06-04T13:00:00-04:00",
                "2036-06-04T13:00:00-04:00"}) {
            v1::DecisionRequest request;
            if (need >= 0) request.set_need(policy.needs(need).id());
            if (area >= 0) request.set_area(policy.areas(area).id());
            if (place >= 0) request.set_place(policy.places(place).id());
            if (facts != 0) request.add_facts("urgent");
            request.set_at(at);
            const auto full = desk->Decide(request);
            ASSERT_TRUE(full.ok()) << full.status();
            const Brief brief =
                desk->Decide({need, area, place, facts},
                             absl::ToUnixSeconds(*ParseInstant("at", at)));
            EXPECT_EQ(brief.unit < 0 ? "" : policy.units(brief.unit).id(),
                      full->route().unit().id());
            EXPECT_EQ(brief.area < 0 ? "" : policy.areas(brief.area).id(),
                      full->route().area());
            EXPECT_EQ(brief.outcome, full->route().outcome());
            EXPECT_EQ(brief.urgent, full->route().urgent());
            EXPECT_EQ(static_cast<int>(brief.state),
                      static_cast<int>(full->availability().state()));
            EXPECT_EQ(brief.mode, full->availability().mode());
            ++compared;
          }
        }
      }
    }
  }
  EXPECT_EQ(compared, (1 + 3 + 2) * 3 * 2 * 4);
  const Brief none = desk->Decide({99, -9, 99, ~uint64_t{1}}, 0);
  EXPECT_EQ(none.outcome, v1::RouteAnswer::ASK);
  EXPECT_FALSE(none.urgent);
}

TEST(DeskTest, UnitsNameServicesThatThereAre) {
  v1::Policy policy = SmallPolicy();
  policy.mutable_units(0)->set_service("fax");
  EXPECT_THAT(std::string(Desk::Compile(policy).status().message()),
              HasSubstr("units[central].service: \"fax\" is no service"));
}

TEST(DeskTest, SaysWhenItOpensAndWhoIsOnCall) {
  const auto decision = SmallDesk().Decide(
      Ask("quero pensão alimentícia", kThursdayMorning, "Sinop"));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->availability().state(), v1::Availability::CLOSED);
  EXPECT_EQ(decision->availability().mode(), v1::PLANTAO);
  EXPECT_EQ(decision->availability().on_call().service(), "plantao");
  EXPECT_EQ(decision->reply(),
            "Quem atende é: Núcleo de Sinop.\n\n"
            "Fechado (segunda a sexta, das 12h às 18h). Abre quinta-feira, 8 "
            "de janeiro, às 12h.\n\n"
            "Plantão: https://x/plantao");
}

TEST(DeskTest, DangerComesFirst) {
  const auto decision =
      SmallDesk().Decide(Ask("socorro ele vai me matar", kThursdayNoon));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_TRUE(decision->route().urgent());
  EXPECT_THAT(decision->reply(),
              testing::StartsWith("Ligue agora: 190 (Polícia Militar)."));
}

TEST(DeskTest, AsksForThePlaceThatWouldNameTheUnit) {
  const auto decision =
      SmallDesk().Decide(Ask("quero pensão alimentícia", kThursdayNoon));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->route().unit().id(), "central");
  EXPECT_THAT(decision->reply(), HasSubstr("Em que cidade você mora?"));
}

TEST(DeskTest, ARefusalNamesTheOtherBodyAndNoHours) {
  const auto decision =
      SmallDesk().Decide(Ask("o inss negou", kThursdayMorning));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->route().outcome(), v1::RouteAnswer::REFER);
  EXPECT_EQ(decision->reply(), "INSS é com: DPU.");
}

TEST(DeskTest, RepliesInTheLanguageAskedFor) {
  v1::DecisionRequest request =
      Ask("quero pensão alimentícia", kThursdayNoon, "Sinop");
  request.set_language("es-BO");
  const auto decision = SmallDesk().Decide(request);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_THAT(decision->reply(), HasSubstr("Le atiende: Núcleo de Sinop."));
}

TEST(DeskTest, TheReplyFitsWhatWhatsAppShows) {
  v1::Policy policy = SmallPolicy();
  for (v1::Message& message : *policy.mutable_messages()) {
    if (message.id() == "reply_open") {
      message.set_text(absl::StrCat("{until} ", std::string(1'000, 'x')));
    }
  }
  const auto desk = Desk::Compile(policy);
  ASSERT_TRUE(desk.ok()) << desk.status();
  const auto decision =
      desk->Decide(Ask("quero pensão alimentícia", kThursdayNoon, "Sinop"));
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->reply(), "Quem atende é: Núcleo de Sinop.");
}

TEST(DeskTest, ATimeWithoutAnOffsetIsRefused) {
  const auto decision =
      SmallDesk().Decide(Ask("divórcio", "2026-01-08T12:00:00"));
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(decision.status().message()),
              testing::StartsWith("at: "));
}

TEST(DeskTest, HoursOfTheRequestStandInsteadOfThePolicy) {
  v1::AvailabilityRequest request;
  request.set_hours("Fr 22:00-26:00");
  request.set_time_zone("America/Sao_Paulo");
  request.set_at("2026-01-10T01:59:59-03:00");
  const Desk desk = SmallDesk();
  const auto answer = desk.Open(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->state(), v1::Availability::OPEN);
  EXPECT_EQ(answer->until(), "2026-01-10T02:00:00-03:00");
  EXPECT_EQ(answer->policy().library(), kLibraryVersion);
  EXPECT_EQ(answer->policy().digest(), "");

  request.set_place("Sinop");
  EXPECT_THAT(std::string(desk.Open(request).status().message()),
              testing::StartsWith("hours: stand instead"));
  request.clear_place();
  request.clear_time_zone();
  EXPECT_THAT(std::string(desk.Open(request).status().message()),
              testing::StartsWith("time_zone: is missing"));
  request.set_time_zone("America/Sao_Paulo");
  request.set_hours("Fri 22:00");
  EXPECT_THAT(std::string(desk.Open(request).status().message()),
              testing::StartsWith("hours: "));
}

TEST(DeskTest, EveryAnswerNamesItsOrigin) {
  const Desk desk = SmallDesk();
  EXPECT_EQ(desk.origin().id(), "small");
  EXPECT_EQ(desk.origin().digest().size(), 64u);
  EXPECT_EQ(desk.origin().library(), kLibraryVersion);
  EXPECT_FALSE(desk.origin().tzdata().empty());
  const auto decision = desk.Decide(Ask("divórcio", kThursdayNoon));
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->route().policy().digest(), desk.origin().digest());
  EXPECT_EQ(decision->availability().policy().digest(), desk.origin().digest());
}

TEST(DeskTest, TheOrderOfElementsDoesNotShow) {
  v1::Policy policy = SmallPolicy();
  std::reverse(policy.mutable_needs()->begin(), policy.mutable_needs()->end());
  std::reverse(policy.mutable_units()->begin(), policy.mutable_units()->end());
  std::reverse(policy.mutable_places()->begin(),
               policy.mutable_places()->end());
  std::reverse(policy.mutable_messages()->begin(),
               policy.mutable_messages()->end());
  const auto reversed = Desk::Compile(policy);
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  const Desk desk = SmallDesk();
  EXPECT_EQ(reversed->origin().digest(), desk.origin().digest());
  for (const char* text :
       {"quero pensão alimentícia", "inss", "ele me bateu", "oi", "separar"}) {
    EXPECT_EQ(ToJson(*reversed->Decide(Ask(text, kThursdayNoon, "Sinop"))),
              ToJson(*desk.Decide(Ask(text, kThursdayNoon, "Sinop"))));
  }
}

TEST(DeskTest, CompilingNamesTheProblemsOfEveryPart) {
  v1::Policy policy = SmallPolicy();
  policy.mutable_services(0)->mutable_weekly(0)->mutable_hours(0)->set_close(
      "08:00");
  policy.mutable_routes(0)->set_act("nowhere");
  policy.mutable_conduct(0)->set_act("nowhere");
  policy.mutable_messages(0)->set_text("{numbers");
  policy.mutable_messages(1)->set_text("{unidade}");
  const auto desk = Desk::Compile(policy);
  ASSERT_FALSE(desk.ok());
  const std::string message(desk.status().message());
  EXPECT_THAT(message, HasSubstr("hours[0]"));
  EXPECT_THAT(message, HasSubstr("routes[lugar].act: \"nowhere\""));
  EXPECT_THAT(message,
              HasSubstr("conduct[atender-por-mensagem].act: \"nowhere\""));
  EXPECT_THAT(message, HasSubstr("messages[reply_urgent pt-BR].text: "));
  EXPECT_THAT(message, HasSubstr("{unidade} is no argument; there are"));
  EXPECT_GE(ProblemsOf(desk.status()).problems_size(), 5);
}

TEST(DeskTest, ATextThatIsNoUtf8IsAProblem) {
  v1::Policy policy = SmallPolicy();
  policy.mutable_units(0)->set_name("\xff\xfe");
  const auto desk = Desk::Compile(policy);
  EXPECT_THAT(std::string(desk.status().message()),
              HasSubstr("units[0].name: is no UTF-8"));
}

TEST(DeskTest, ConductRulesThatContradictAreNamedBoth) {
  v1::Policy policy = SmallPolicy();
  v1::ConductRule& rule = *policy.add_conduct();
  rule.set_id("outra");
  rule.set_device(v1::INSTITUTIONAL_PHONE);
  rule.set_purpose(v1::CITIZEN_SERVICE);
  rule.set_ruling(v1::ConductRule::PERMITTED);
  rule.set_act("res");
  const auto desk = Desk::Compile(policy);
  EXPECT_THAT(std::string(desk.status().message()),
              HasSubstr("conduct[outra]: and conduct[atender-por-mensagem] "
                        "both speak of"));
}

struct ConductCase {
  const char* name;
  v1::Device device;
  v1::Channel channel;
  v1::Counterpart counterpart;
  const char* at;
  v1::ConductRule::Ruling ruling;
  const char* rule;
};

class DeskConductTest : public testing::TestWithParam<ConductCase> {};

TEST_P(DeskConductTest, Rules) {
  v1::ConductRequest request;
  request.set_device(GetParam().device);
  request.set_channel(GetParam().channel);
  request.set_counterpart(GetParam().counterpart);
  request.set_at(GetParam().at);
  const auto answer = SmallDesk().Check(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->ruling(), GetParam().ruling);
  EXPECT_EQ(answer->reason().rule(), GetParam().rule);
}

INSTANTIATE_TEST_SUITE_P(
    Small, DeskConductTest,
    testing::ValuesIn<ConductCase>({
        {"MessagesToCitizens", v1::INSTITUTIONAL_PHONE, v1::MESSAGING_APP,
         v1::CITIZEN, "", v1::ConductRule::FORBIDDEN,
         "conduct[atender-por-mensagem]"},
        {"MessagesInside", v1::INSTITUTIONAL_PHONE, v1::MESSAGING_APP,
         v1::INTERNAL, "", v1::ConductRule::NOT_GOVERNED, ""},
        {"CallsInOfficeHours", v1::INSTITUTIONAL_PHONE, v1::CALL, v1::CITIZEN,
         kThursdayNoon, v1::ConductRule::REQUIRED, "conduct[ligar]"},
        {"CallsOutsideOfficeHours", v1::INSTITUTIONAL_PHONE, v1::CALL,
         v1::CITIZEN, kThursdayMorning, v1::ConductRule::NOT_GOVERNED, ""},
    }),
    [](const auto& info) { return info.param.name; });

TEST(DeskTest, TheGreetingNamesTheOneNumber) {
  v1::ConductRequest request;
  request.set_channel(v1::AUTOMATIC_GREETING);
  const auto answer = SmallDesk().Check(request);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->message(), "Fale em (65) 90000-0000.");
}

TEST(DeskTest, TheCalendarListsExceptions) {
  v1::CalendarRequest request;
  request.set_from("2026-06-01");
  request.set_until("2026-07-01");
  const auto calendar = SmallDesk().Calendar(request);
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  ASSERT_EQ(calendar->days_size(), 1);
  EXPECT_EQ(calendar->days(0).date(), "2026-06-04");
  EXPECT_EQ(calendar->days(0).reason().label(), "Corpus Christi");
  request.set_from("junho");
  EXPECT_THAT(std::string(SmallDesk().Calendar(request).status().message()),
              testing::StartsWith("from: \"junho\" is no date"));
}

TEST(CallTest, AnswersHaveEveryKey) {
  const auto answer =
      Call(SmallDesk(), "route", R"({"text":""})", CallFormat::kJson);
  ASSERT_TRUE(answer.ok()) << answer.status();
  for (const char* key :
       {"\"outcome\":\"ASK\"", "\"urgent\":false", "\"unit\":{\"id\":\"\"",
        "\"evidence\":", "\"referral\":{", "\"ask_place\":false",
        "\"policy\":{\"id\":\"small\""}) {
    EXPECT_THAT(*answer, HasSubstr(key));
  }
  EXPECT_THAT(*answer, Not(HasSubstr("\n")));
}

TEST(CallTest, ProtoAndJsonAgree) {
  const Desk desk = SmallDesk();
  const v1::DecisionRequest request =
      Ask("ele me bateu", kThursdayNoon, "sinop");
  const auto bytes =
      Call(desk, "decide", request.SerializeAsString(), CallFormat::kProto);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  v1::Decision decision;
  ASSERT_TRUE(decision.ParseFromString(*bytes));
  const auto json = Call(desk, "decide", ToJson(request), CallFormat::kJson);
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(ToJson(decision), *json);
}

TEST(CallTest, ErrorsNameTheFieldAndRepeatNoText) {
  const Desk desk = SmallDesk();
  for (const char* request :
       {R"({"text":"SEGREDO","place":"Sinopi"})", R"({"text":"SEGREDO)",
        R"({"text":["SEGREDO"]})", R"({"txt":"SEGREDO"})",
        R"({"text":"SEGREDO","need":"none"})", R"("SEGREDO")", "SEGREDO",
        "{\"text\":\"SEGREDO\xff\"}", R"({"text":"SEGREDO\ud800"})"}) {
    const auto answer = Call(desk, "route", request, CallFormat::kJson);
    EXPECT_FALSE(answer.ok()) << request;
    EXPECT_THAT(std::string(answer.status().message()),
                Not(HasSubstr("SEGREDO")))
        << request;
  }
  EXPECT_THAT(
      std::string(Call(desk, "route", R"({"txt":"x"})", CallFormat::kJson)
                      .status()
                      .message()),
      HasSubstr("txt: is no field"));
  EXPECT_THAT(
      std::string(
          Call(desk, "rout", "{}", CallFormat::kJson).status().message()),
      HasSubstr("there are open, route"));
  EXPECT_EQ(ErrorJson(absl::NotFoundError("place: \"x\"")),
            R"({"error":{"code":"NOT_FOUND","message":"place: \"x\""}})");
}

}  // namespace
}  // namespace guiche
