#include "policy/load.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/text_format.h"
#include "policy/edit_distance.h"
#include "policy/json.h"
#include "unicode/utf8.h"

namespace guiche {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Of a file that is no policy at all, more lines would not help.
constexpr size_t kMostParseErrors = 20;

// Longer lists of what could be written are left out.
constexpr size_t kMostNamed = 15;

// Every message that a textproto of `root` may write.
void AddMessages(const Descriptor& root, std::set<const Descriptor*>& all) {
  if (!all.insert(&root).second) return;
  for (int i = 0; i < root.field_count(); ++i) {
    const Descriptor* inner = root.field(i)->message_type();
    if (inner != nullptr) AddMessages(*inner, all);
  }
}

// What to write instead, of protobuf's words about a name it does not know.
std::string Remedy(const Descriptor& root, const std::string& error) {
  const std::vector<std::string> parts = absl::StrSplit(error, '"');
  if (parts.size() < 5) return "";
  const std::string &first = parts[1], &second = parts[3];
  std::set<const Descriptor*> all;
  AddMessages(root, all);
  std::vector<absl::string_view> known;
  std::string asked;
  if (absl::StrContains(error, "has no field named")) {
    asked = second;
    for (const Descriptor* message : all) {
      if (message->full_name() != first) continue;
      for (int i = 0; i < message->field_count(); ++i) {
        known.push_back(message->field(i)->name());
      }
    }
  } else if (absl::StrContains(error, "enumeration value")) {
    asked = absl::AsciiStrToUpper(first);
    for (const Descriptor* message : all) {
      const FieldDescriptor* field = message->FindFieldByName(second);
      if (field == nullptr || field->enum_type() == nullptr) continue;
      for (int i = 1; i < field->enum_type()->value_count(); ++i) {
        known.push_back(field->enum_type()->value(i)->name());
      }
      break;
    }
  }
  std::string near = DidYouMean(asked, known);
  if (!near.empty() || known.empty() || known.size() > kMostNamed) return near;
  return absl::StrCat("; write one of ", absl::StrJoin(known, ", "));
}

// Gathers `file:line:column: what is wrong`.
class TextErrors : public google::protobuf::io::ErrorCollector {
 public:
  TextErrors(absl::string_view name, const Descriptor& message)
      : name_(name), message_(message) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (lines_.size() >= kMostParseErrors) return;
    lines_.push_back(absl::StrCat(name_, ":", line + 1, ":", column + 1, ": ",
                                  absl::StripSuffix(message, "."),
                                  Remedy(message_, message)));
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber,
                  const std::string&) override {}

  absl::Status ToStatus() const {
    return absl::InvalidArgumentError(
        lines_.empty() ? absl::StrCat(name_, ": cannot be parsed")
                       : absl::StrJoin(lines_, "\n"));
  }

 private:
  std::string name_;
  const Descriptor& message_;
  std::vector<std::string> lines_;
};

// Slips that protobuf's words would not explain, found on the text as it is:
// signs of a word processor, braces without their like, a comma left out
// between texts of a list, which would be one text.
class TextScan {
 public:
  TextScan(absl::string_view name, absl::string_view text)
      : name_(name), text_(text) {}

  absl::Status Run() {
    for (; at_ < text_.size() && lines_.size() < kMostParseErrors; ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
      } else if (c == '#') {
        SkipComment();
      } else if (c == '"' || c == '\'') {
        SkipString(c);
      } else if (!absl::ascii_isspace(c)) {
        See(c);
      }
    }
    for (const Open& open : open_) {
      if (lines_.size() >= kMostParseErrors) break;
      Add(open.line, absl::StrCat("\"", std::string(1, open.sign),
                                  "\" is never closed; write what closes it"));
    }
    return lines_.empty()
               ? absl::OkStatus()
               : absl::InvalidArgumentError(absl::StrJoin(lines_, "\n"));
  }

 private:
  struct Open {
    char sign;
    int line;
  };

  void Add(int line, absl::string_view problem) {
    lines_.push_back(absl::StrCat(name_, ":", line, ": ", problem));
  }

  // Up to the end of the line, which the caller counts.
  void SkipComment() {
    while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
  }

  // A text that goes on past its line is left to protobuf to tell.
  void SkipString(char quote) {
    if (after_text_ && !open_.empty() && open_.back().sign == '[') {
      Add(line_, "a text follows another in a list; write \",\" between them");
    }
    after_text_ = true;
    while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
      ++at_;
      if (text_[at_] == quote) return;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    }
  }

  void See(char c) {
    after_text_ = false;
    if (c == '{' || c == '[' || c == '<') {
      open_.push_back({c, line_});
    } else if (c == '}' || c == ']' || c == '>') {
      Close(c);
    } else if ((c & 0x80) != 0) {
      ForeignSign();
    }
  }

  void Close(char c) {
    const char sign = c == '}' ? '{' : c == ']' ? '[' : '<';
    if (open_.empty()) {
      Add(line_, absl::StrCat("\"", std::string(1, c),
                              "\" closes nothing; leave it out"));
    } else if (open_.back().sign != sign) {
      Add(line_, absl::StrCat("\"", std::string(1, c), "\" stands where the \"",
                              std::string(1, open_.back().sign), "\" of line ",
                              open_.back().line,
                              " is still open; close that "
                              "first"));
      open_.pop_back();
    } else {
      open_.pop_back();
    }
  }

  void ForeignSign() {
    const size_t begin = at_;
    while (at_ + 1 < text_.size() && (text_[at_ + 1] & 0xC0) == 0x80) ++at_;
    const absl::string_view sign = text_.substr(begin, at_ + 1 - begin);
    Add(line_,
        absl::StrCat("\"", sign, "\" stands outside of a text; ",
                     sign == "\u201C" || sign == "\u201D" || sign == "\u2018" ||
                             sign == "\u2019"
                         ? "write the plain quote, \u0022, around texts"
                         : "write texts between quotes, and notes behind #"));
  }

  absl::string_view name_, text_;
  size_t at_ = 0;
  int line_ = 1;
  bool after_text_ = false;
  std::vector<Open> open_;
  std::vector<std::string> lines_;
};

absl::Status ParseBinary(absl::string_view name, absl::string_view bytes,
                         v1::Policy& part) {
  // protobuf would tell stderr of strings that are no UTF-8.
  google::protobuf::LogSilencer silence;
  if (!part.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": is no serialized guiche.v1.Policy, or holds text that is no "
        "UTF-8"));
  }
  // A rule of a later version would be read as a wider one.
  const size_t size = part.ByteSizeLong();
  part.DiscardUnknownFields();
  if (part.ByteSizeLong() != size) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": has fields that this version of guiche does not know; use the "
        "version that it was written for"));
  }
  return absl::OkStatus();
}

// The first line that is no UTF-8, or 0.
int LineOutOfUtf8(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const int32_t begin = i;
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c >= 0) continue;
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + begin, '\n'));
  }
  return 0;
}

void CheckUtf8Of(const Message& message, const std::string& path,
                 Problems& problems) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count =
        field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string at =
          absl::StrCat(path, path.empty() ? "" : ".", field->name(),
                       field->is_repeated() ? absl::StrCat("[", i, "]") : "");
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckUtf8Of(field->is_repeated()
                        ? reflection.GetRepeatedMessage(message, field, i)
                        : reflection.GetMessage(message, field),
                    at, problems);
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        std::string scratch;
        const std::string& text =
            field->is_repeated()
                ? reflection.GetRepeatedStringReference(message, field, i,
                                                        &scratch)
                : reflection.GetStringReference(message, field, &scratch);
        if (LineOutOfUtf8(text) > 0) {
          problems.Add(at, "is no UTF-8; save the file as UTF-8");
        }
      }
    }
  }
}

// What is not a list stands in one file, or their order would matter.
absl::Status CheckTwice(absl::string_view name, const v1::Policy& part,
                        const v1::Policy& before) {
  const auto& reflection = *part.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(part, &fields);
  std::vector<std::string> lines;
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated() || !reflection.HasField(before, field)) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string now = reflection.GetString(part, field);
      const std::string then = reflection.GetString(before, field);
      if (now == then) continue;
      lines.push_back(absl::StrCat(name, ": ", field->name(), " is \"", now,
                                   "\" here and \"", then,
                                   "\" in another file; write it in one"));
    } else if (field->number() == v1::Policy::kModelFieldNumber) {
      lines.push_back(absl::StrCat(
          name, ": model is in another file too; a policy has one"));
    }
  }
  return lines.empty() ? absl::OkStatus()
                       : absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

template <typename Element>
void SortById(google::protobuf::RepeatedPtrField<Element>* elements) {
  std::stable_sort(
      elements->pointer_begin(), elements->pointer_end(),
      [](const Element* a, const Element* b) { return a->id() < b->id(); });
}

}  // namespace

absl::Status ParseTextproto(absl::string_view name, absl::string_view text,
                            Message& message) {
  message.Clear();
  text = absl::StripPrefix(text, "\xEF\xBB\xBF");  // some editors begin so
  if (const int line = LineOutOfUtf8(text); line > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", line, ": is no UTF-8; save the file as UTF-8"));
  }
  if (absl::Status scan = TextScan(name, text).Run(); !scan.ok()) {
    return scan;
  }
  TextErrors errors(name, *message.GetDescriptor());
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  google::protobuf::io::ArrayInputStream stream(text.data(),
                                                static_cast<int>(text.size()));
  // protobuf would tell stderr of what it warns about.
  google::protobuf::LogSilencer silence;
  return parser.Parse(&stream, &message) ? absl::OkStatus() : errors.ToStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& name) {
  errno = 0;
  std::ifstream file(name, std::ios::binary);
  std::ostringstream contents;
  if (file.is_open()) contents << file.rdbuf();
  // Of an empty file nothing is written, which fails and is no error.
  if (!file.is_open() || contents.bad() || errno == EISDIR) {
    return absl::NotFoundError(absl::StrCat(
        name, ": cannot be read: ", std::strerror(errno == 0 ? EIO : errno)));
  }
  return contents.str();
}

PolicyFormat FormatOfFile(absl::string_view name) {
  if (absl::EndsWith(name, ".json")) return PolicyFormat::kJson;
  if (absl::EndsWith(name, ".pb") || absl::EndsWith(name, ".binpb")) {
    return PolicyFormat::kBinary;
  }
  return PolicyFormat::kText;
}

absl::Status MergePolicy(absl::string_view name, absl::string_view bytes,
                         PolicyFormat format, v1::Policy& policy) {
  if (bytes.size() > kLargestPolicyFile) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": has ", bytes.size(), " bytes; at most ", kLargestPolicyFile));
  }
  v1::Policy part;
  absl::Status status;
  switch (format) {
    case PolicyFormat::kText:
      status = ParseTextproto(name, bytes, part);
      break;
    case PolicyFormat::kJson:
      status = FromJson(bytes, part);
      if (!status.ok()) {
        status = absl::InvalidArgumentError(
            absl::StrCat(name, ": ", status.message()));
      }
      break;
    case PolicyFormat::kBinary:
      status = ParseBinary(name, bytes, part);
      break;
  }
  if (status.ok()) status = CheckTwice(name, part, policy);
  if (status.ok()) policy.MergeFrom(part);
  return status;
}

absl::StatusOr<v1::Policy> LoadPolicy(const std::vector<std::string>& files) {
  v1::Policy policy;
  std::vector<std::string> errors;
  bool missing = false;
  for (const std::string& name : files) {
    const auto bytes = ReadFile(name);
    const absl::Status status =
        bytes.ok() ? MergePolicy(name, *bytes, FormatOfFile(name), policy)
                   : bytes.status();
    missing |= !bytes.ok();
    if (!status.ok()) errors.emplace_back(status.message());
  }
  if (errors.empty()) return policy;
  const std::string message = absl::StrJoin(errors, "\n");
  return missing ? absl::NotFoundError(message)
                 : absl::InvalidArgumentError(message);
}

void CheckUtf8(const v1::Policy& policy, Problems& problems) {
  CheckUtf8Of(policy, "", problems);
}

v1::Policy Canonical(v1::Policy policy) {
  SortById(policy.mutable_acts());
  SortById(policy.mutable_places());
  SortById(policy.mutable_calendar());
  SortById(policy.mutable_services());
  SortById(policy.mutable_units());
  SortById(policy.mutable_areas());
  SortById(policy.mutable_facts());
  SortById(policy.mutable_needs());
  SortById(policy.mutable_alarms());
  SortById(policy.mutable_referrals());
  SortById(policy.mutable_emergency_numbers());
  SortById(policy.mutable_routes());
  SortById(policy.mutable_conduct());
  auto& years = *policy.mutable_calendar_years();
  std::stable_sort(years.begin(), years.end(),
                   [](const v1::CalendarYear& a, const v1::CalendarYear& b) {
                     return a.year() < b.year();
                   });
  auto& messages = *policy.mutable_messages();
  std::stable_sort(messages.pointer_begin(), messages.pointer_end(),
                   [](const v1::Message* a, const v1::Message* b) {
                     return std::tie(a->id(), a->language()) <
                            std::tie(b->id(), b->language());
                   });
  return policy;
}

std::string Digest(const v1::Policy& policy) {
  const v1::Policy canonical = Canonical(policy);
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    canonical.SerializeToCodedStream(&coded);
  }
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

}  // namespace guiche
