#include "desk/messages.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "policy/edit_distance.h"
#include "unicode/dtptngen.h"
#include "unicode/locid.h"
#include "unicode/messagepattern.h"
#include "unicode/msgfmt.h"
#include "unicode/smpdtfmt.h"
#include "unicode/timezone.h"

namespace guiche {
namespace {

constexpr size_t kLongestMessage = 4'000;  // bytes

// Those that replies are made of; a ruling of conduct may name others.
constexpr absl::string_view kMessageIds[] = {
    "ask_need",     "ask_place",    "date_and_time",     "reply_ask",
    "reply_closed", "reply_human",  "reply_on_call",     "reply_open",
    "reply_refer",  "reply_routed", "reply_unconfirmed", "reply_uncovered",
    "reply_urgent"};

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

icu::Locale LocaleOf(absl::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(
      icu::StringPiece(language.data(), static_cast<int32_t>(language.size())),
      status);
  return U_SUCCESS(status) ? locale : icu::Locale::getRoot();
}

absl::string_view PrimaryTag(absl::string_view language) {
  return language.substr(0, language.find('-'));
}

// Names in `pattern` that no message may use; numbered arguments are such too.
std::vector<std::string> UnknownArguments(const icu::UnicodeString& pattern) {
  std::vector<std::string> unknown;
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern parsed(pattern, nullptr, status);
  for (int32_t i = 0; U_SUCCESS(status) && i < parsed.countParts(); ++i) {
    const auto& part = parsed.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME &&
        part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER) {
      continue;
    }
    const std::string name = ToUtf8(parsed.getSubstring(part));
    if (!std::binary_search(std::begin(kMessageArguments),
                            std::end(kMessageArguments), name)) {
      unknown.push_back(name);
    }
  }
  return unknown;
}

struct Piece;
using Pieces = std::vector<Piece>;

// A part of a message: words, or what an argument says, or what goes with what
// it says.
struct Piece {
  std::string words;
  int argument = -1;  // in kMessageArguments; -1: the words
  // By what the argument says, `other` being for all else; if empty the
  // argument itself is written.
  std::vector<std::pair<std::string, Pieces>> choices;
};

// Reads a pattern that is of plain arguments and choices alone, as nearly all
// are: ICU's format would be copied for each use, at ten times the cost.
class PieceReader {
 public:
  PieceReader(const icu::UnicodeString& pattern, UErrorCode& status)
      : parsed_(pattern, nullptr, status), text_(pattern) {
    ok_ = U_SUCCESS(status);
  }

  // Empty if it is of anything else.
  absl::optional<Pieces> Read() {
    Pieces pieces;
    if (ok_) ReadMessage(0, pieces);
    if (!ok_) return absl::nullopt;
    return pieces;
  }

 private:
  using Part = icu::MessagePattern::Part;

  void ReadMessage(int32_t start, Pieces& pieces) {
    int32_t done = parsed_.getPart(start).getLimit();
    for (int32_t i = start + 1; ok_; ++i) {
      const Part& part = parsed_.getPart(i);
      AddWords(done, part.getIndex(), pieces);
      if (part.getType() == UMSGPAT_PART_TYPE_MSG_LIMIT) return;
      done = part.getLimit();
      if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
      const int32_t limit = parsed_.getLimitPartIndex(i);
      ReadArgument(i, limit, pieces);
      done = parsed_.getPart(limit).getLimit();
      i = limit;
    }
  }

  void AddWords(int32_t from, int32_t to, Pieces& pieces) {
    if (from == to) return;
    if (pieces.empty() || pieces.back().argument >= 0) pieces.emplace_back();
    text_.tempSubStringBetween(from, to).toUTF8String(pieces.back().words);
  }

  void ReadArgument(int32_t start, int32_t limit, Pieces& pieces) {
    const UMessagePatternArgType type = parsed_.getPart(start).getArgType();
    const std::string name =
        ToUtf8(parsed_.getSubstring(parsed_.getPart(start + 1)));
    const auto found = std::find(std::begin(kMessageArguments),
                                 std::end(kMessageArguments), name);
    if ((type != UMSGPAT_ARG_TYPE_NONE && type != UMSGPAT_ARG_TYPE_SELECT) ||
        found == std::end(kMessageArguments)) {
      ok_ = false;
      return;
    }
    Piece piece;
    piece.argument = static_cast<int>(found - std::begin(kMessageArguments));
    for (int32_t i = start + 2; ok_ && i < limit; ++i) {
      std::string selector = ToUtf8(parsed_.getSubstring(parsed_.getPart(i)));
      piece.choices.emplace_back(std::move(selector), Pieces());
      ReadMessage(++i, piece.choices.back().second);
      i = parsed_.getLimitPartIndex(i);
    }
    pieces.push_back(std::move(piece));
  }

  const icu::MessagePattern parsed_;
  const icu::UnicodeString& text_;
  bool ok_;
};

void Write(const Pieces& pieces, const MessageArguments& arguments,
           std::string& text) {
  for (const Piece& piece : pieces) {
    if (piece.argument < 0) {
      text += piece.words;
      continue;
    }
    absl::string_view value;
    for (const auto& [name, given] : arguments) {
      if (name == kMessageArguments[piece.argument]) value = given;
    }
    if (piece.choices.empty()) {
      absl::StrAppend(&text, value);
      continue;
    }
    const Pieces* chosen = nullptr;
    for (const auto& [selector, choice] : piece.choices) {
      if (selector == value) {
        chosen = &choice;
        break;
      }
      if (chosen == nullptr && selector == "other") chosen = &choice;
    }
    if (chosen != nullptr) Write(*chosen, arguments, text);
  }
}

// The ids of messages that something sends.
std::vector<absl::string_view> SentMessages(const v1::Policy& policy) {
  std::vector<absl::string_view> sent(std::begin(kMessageIds),
                                      std::end(kMessageIds));
  for (const v1::ConductRule& rule : policy.conduct()) {
    if (!rule.message().empty()) sent.push_back(rule.message());
  }
  return sent;
}

// Characters of a message to which no argument gives a text.
int LeastLength(const icu::MessageFormat& format) {
  std::vector<icu::UnicodeString> names;
  for (const absl::string_view name : kMessageArguments) {
    names.push_back(FromUtf8(name));
  }
  const std::vector<icu::Formattable> values(names.size(),
                                             icu::UnicodeString());
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  format.format(names.data(), values.data(),
                static_cast<int32_t>(values.size()), text, status);
  return text.countChar32();
}

// Of its first few numbers a format finishes what it left undone when it was
// made; past so many it only reads.
constexpr int kFirstUses = 10;

// What writes a day as "quinta-feira, 7 de janeiro"; null if ICU cannot. Costly
// to make, and then used by many threads.
std::unique_ptr<const icu::SimpleDateFormat> DaysInWords(
    absl::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = LocaleOf(language);
  const std::unique_ptr<icu::DateTimePatternGenerator> generator(
      icu::DateTimePatternGenerator::createInstance(locale, status));
  if (U_FAILURE(status)) return nullptr;
  const icu::UnicodeString pattern =
      generator->getBestPattern(u"EEEEdMMMM", status);
  auto format =
      std::make_unique<icu::SimpleDateFormat>(pattern, locale, status);
  if (U_FAILURE(status)) return nullptr;
  format->setTimeZone(*icu::TimeZone::getGMT());
  for (int i = 0; i < kFirstUses; ++i) {
    icu::UnicodeString words;
    format->format(static_cast<UDate>(i * 86'400'000.0), words);
  }
  return format;
}

std::string DateInWords(absl::CivilDay day,
                        const icu::SimpleDateFormat* format) {
  if (format == nullptr) return absl::FormatCivilTime(day);
  icu::UnicodeString words;
  format->format(
      static_cast<UDate>((day - absl::CivilDay(1970)) * 86'400'000.0), words);
  return ToUtf8(words);
}

}  // namespace

struct Messages::Compiled {
  absl::optional<Pieces> pieces;  // if it is of no more than those
  icu::MessageFormat format;
  std::unique_ptr<const icu::SimpleDateFormat> days;  // of date_and_time alone
};

Messages::Messages() = default;
Messages::Messages(Messages&&) = default;
Messages& Messages::operator=(Messages&&) = default;
Messages::~Messages() = default;

Messages Messages::Compile(const v1::Policy& policy, Problems& problems) {
  Messages compiled;
  compiled.usual_language_ =
      policy.language().empty() ? "pt-BR" : policy.language();
  const std::vector<absl::string_view> sent = SentMessages(policy);
  for (const v1::Message& message : policy.messages()) {
    const std::string language = message.language().empty()
                                     ? compiled.usual_language_
                                     : message.language();
    const std::string path =
        PathOf("messages", absl::StrCat(message.id(), " ", language));
    if (message.id().empty()) {
      problems.Add(path, "has no id; give it one, as \"reply_open\"");
      continue;
    }
    if (message.text().size() > kLongestMessage) {
      problems.Add(path + ".text",
                   absl::StrCat("has ", message.text().size(),
                                " bytes; at most ", kLongestMessage));
      continue;
    }
    UErrorCode status = U_ZERO_ERROR;
    UParseError where;
    const icu::UnicodeString pattern = FromUtf8(message.text());
    icu::MessageFormat format(pattern, LocaleOf(language), where, status);
    if (U_FAILURE(status)) {
      problems.Add(
          path + ".text",
          absl::StrCat("is no ICU MessageFormat: ", u_errorName(status),
                       "; write \"'{'\" for a brace that stands for "
                       "itself, and close each that is open"));
      continue;
    }
    for (const std::string& name : UnknownArguments(pattern)) {
      problems.Add(path + ".text",
                   absl::StrCat("{", name, "} is no argument; there are ",
                                absl::StrJoin(kMessageArguments, ", ")));
    }
    const int length = LeastLength(format);
    if (length > kLongestReply) {
      problems.Add(path + ".text",
                   absl::StrCat("has ", length, " characters; at most ",
                                kLongestReply, ", what WhatsApp shows"));
    }
    if (std::find(sent.begin(), sent.end(), message.id()) == sent.end()) {
      const std::string meant = DidYouMean(message.id(), sent);
      // A host may send messages of its own.
      if (!meant.empty()) {
        problems.Add(path, absl::StrCat("is sent by nothing", meant));
      }
    }
    const bool added =
        compiled.messages_
            .try_emplace(
                absl::StrCat(message.id(), " ", language),
                std::unique_ptr<const Compiled>(new Compiled{
                    PieceReader(pattern, status).Read(), std::move(format),
                    message.id() == "date_and_time" ? DaysInWords(language)
                                                    : nullptr}))
            .second;
    if (!added) problems.Add(path, "is there twice; write it once a language");
  }
  return compiled;
}

const Messages::Compiled* Messages::Find(absl::string_view id,
                                         absl::string_view language) const {
  for (const absl::string_view tag :
       {language, PrimaryTag(language), absl::string_view(usual_language_)}) {
    const auto found = messages_.find(absl::StrCat(id, " ", tag));
    if (found != messages_.end()) return found->second.get();
  }
  return nullptr;
}

bool Messages::Has(absl::string_view id) const {
  return Find(id, usual_language_) != nullptr;
}

std::string Messages::Format(absl::string_view id, absl::string_view language,
                             const MessageArguments& arguments) const {
  const Compiled* message = Find(id, language);
  if (message == nullptr) return "";
  if (message->pieces.has_value()) {
    std::string text;
    Write(*message->pieces, arguments, text);
    return text;
  }
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const absl::string_view name : kMessageArguments) {
    names.push_back(FromUtf8(name));
    const auto given =
        std::find_if(arguments.begin(), arguments.end(),
                     [&](const auto& one) { return one.first == name; });
    values.emplace_back(given == arguments.end() ? icu::UnicodeString()
                                                 : FromUtf8(given->second));
  }
  // A MessageFormat fills caches of its own while it formats.
  const icu::MessageFormat format = message->format;
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  format.format(names.data(), values.data(),
                static_cast<int32_t>(values.size()), text, status);
  return U_SUCCESS(status) ? ToUtf8(text) : "";
}

std::string Messages::DateAndTime(absl::Time t, absl::TimeZone zone,
                                  absl::string_view language) const {
  const absl::CivilMinute at = absl::ToCivilMinute(t, zone);
  const Compiled* message = Find("date_and_time", language);
  if (message == nullptr) return absl::FormatTime("%Y-%m-%d %H:%M", t, zone);
  const absl::CivilDay day(at);
  return Format(
      "date_and_time", language,
      {{"date", DateInWords(day, message->days.get())},
       {"weekday", absl::StrCat(static_cast<int>(absl::GetWeekday(day)) + 1)},
       {"day", absl::StrCat(at.day())},
       {"month", absl::StrFormat("%02d", at.month())},
       {"hour", absl::StrFormat("%02d", at.hour())},
       {"minute", absl::StrFormat("%02d", at.minute())}});
}

}  // namespace guiche
