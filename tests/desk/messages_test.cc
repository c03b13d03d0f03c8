// Messages are written as ICU writes them, whatever a pattern is made of.

#include "desk/messages.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unicode/msgfmt.h"

namespace guiche {
namespace {

// All arguments, of which `arguments` are not empty, by ICU's own format.
std::string ByIcu(const std::string& pattern,
                  const MessageArguments& arguments) {
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const absl::string_view name : kMessageArguments) {
    names.push_back(icu::UnicodeString::fromUTF8(std::string(name)));
    std::string value;
    for (const auto& [given, text] : arguments) {
      if (given == name) value = text;
    }
    values.emplace_back(icu::UnicodeString::fromUTF8(value));
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::MessageFormat format(icu::UnicodeString::fromUTF8(pattern),
                            icu::Locale("pt", "BR"), status);
  icu::UnicodeString written;
  format.format(names.data(), values.data(), static_cast<int>(values.size()),
                written, status);
  EXPECT_TRUE(U_SUCCESS(status)) << pattern << ": " << u_errorName(status);
  std::string text;
  return written.toUTF8String(text);
}

class MessagesTest : public testing::TestWithParam<const char*> {};

TEST_P(MessagesTest, AreWrittenAsIcuWritesThem) {
  v1::Policy policy;
  v1::Message& message = *policy.add_messages();
  message.set_id("m");
  message.set_text(GetParam());
  Problems problems;
  const Messages messages = Messages::Compile(policy, problems);
  ASSERT_TRUE(problems.ok()) << problems.ToStatus();
  const MessageArguments several[] = {
      {},
      {{"unit", "Núcleo d'Água {x} '# 'q'"}, {"hour", "12"}, {"minute", "00"}},
      {{"unit", "yes"}, {"hour", "other"}, {"minute", "30"}, {"day", "1"}},
      {{"has_next_open", "no"}, {"weekday", "2"}, {"day", "2"}},
  };
  for (const MessageArguments& arguments : several) {
    EXPECT_EQ(messages.Format("m", "", arguments),
              ByIcu(GetParam(), arguments));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, MessagesTest,
    testing::Values(
        "words alone, ação 🙂", "", "{unit}", "{unit}{hour}", "a {unit} b",
        "{ unit }, {hour,select,other{}}",
        "d'água, ''{hour}'' '{'unit'}' don''t '#'",
        "{unit, select, yes {sim} other {não: {hour} e '{'{minute}'}'}}.",
        "{minute, select, 00 {} other {{minute}}}|{hour, select, other {o}}",
        "{unit, select, other {o} other {p} yes {s} yes {t}}",
        "{unit, select, yes {{hour, select, other {fundo {minute}}}} other {}}",
        "{has_next_open, select, yes { Volta {next_open}.} other {}} fim",
        "{unit, select, other {a # b}} # c",
        "{weekday, select, 2 {terça} other {dia {day}}} '"),
    [](const auto& info) { return std::to_string(info.index); });

// What is not made of pieces goes to ICU whole; numbers are no texts there.
TEST(MessagesTest, OtherPatternsAreIcusOwn) {
  v1::Policy policy;
  v1::Message& message = *policy.add_messages();
  message.set_id("m");
  message.set_text("{day, plural, one {um} other {# dias}} {unit}");
  Problems problems;
  const Messages messages = Messages::Compile(policy, problems);
  EXPECT_TRUE(problems.ok()) << problems.ToStatus();
  EXPECT_EQ(messages.Format("m", "", {{"unit", "x"}}), "");
}

}  // namespace
}  // namespace guiche
