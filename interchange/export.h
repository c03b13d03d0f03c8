// A window's hours over a span of days, in the formats of others.
//
//   absl::StatusOr<Export> calendar =
//       ExportHours(schedule, window, ExportFormat::kICalendar, options);
//   for (const std::string& loss : calendar->losses) ...  // what it cannot say
//
// kICalendar: RFC 5545. An event for each opening, in UTC, and an all-day one
// for
//   each day that does not keep the weekly hours, which says why. Events that
//   rest on what is not confirmed are TENTATIVE. UIDs are the same in every
//   export of one window.
// kOsm: an `opening_hours` value for these dates alone. It is read back and
//   compared; what differs is a loss.
// kSchemaOrg: JSON-LD, a GovernmentOffice with its OpeningHoursSpecifications.
// kSql: a PostgreSQL query whose one value is a tstzmultirange.
// kCsv: a row for each stretch of time with one reason, open or not.

#ifndef GUICHE_INTERCHANGE_EXPORT_H_
#define GUICHE_INTERCHANGE_EXPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "schedule/schedule.h"

namespace guiche {

enum class ExportFormat { kICalendar, kOsm, kSchemaOrg, kSql, kCsv };

struct ExportOptions {
  // The days of the window's clock, [from, until).
  absl::CivilDay from, until;
  std::string name;  // what people call the window
  // What tells this window from others wherever the file goes: the policy, the
  // service and the place by id. UIDs are made of it.
  std::string id;
  absl::Time stamp;     // kICalendar: when it was made
  bool strict = false;  // a loss is an error
};

struct Export {
  std::string text;
  // What the format cannot say of these hours, a sentence each, with the first
  // place where it matters. Reasons are no hours: a format that has no words
  // for them loses none.
  std::vector<std::string> losses;
};

// kInvalidArgument if `until` is not after `from`, or more than 40 years after.
// kFailedPrecondition, naming each loss, if there is one under `strict`. Linear
// in days.
absl::StatusOr<Export> ExportHours(const Schedule& schedule, Window window,
                                   ExportFormat format,
                                   const ExportOptions& options);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_EXPORT_H_
