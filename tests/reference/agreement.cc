#include "tests/reference/agreement.h"

#include <algorithm>
#include <sstream>
#include <vector>

namespace guiche {
namespace {

ReferenceAnswer Of(const Verdict& verdict) {
  return {static_cast<v1::Availability::State>(verdict.state), verdict.mode,
          verdict.kind, verdict.certainty, std::string(verdict.rule)};
}

bool Same(const Verdict& verdict, const ReferenceAnswer& answer) {
  return Of(verdict) == answer;
}

}  // namespace

std::string Disagreement(const Schedule& schedule, const Reference& reference,
                         const std::string& service, const std::string& place,
                         std::mt19937_64& random, int between) {
  const Window window = *schedule.Find(service, place);
  std::string found;
  const auto check = [&](absl::Time t, const Verdict& verdict) {
    const ReferenceAnswer answer = reference.At(service, place, t);
    if (!Same(verdict, answer) && found.empty()) {
      std::ostringstream os;
      os << service << " at " << place << ", " << t << ": " << verdict
         << "; reference: " << answer;
      found = os.str();
    }
  };
  const auto claim = [&](bool holds, absl::Time t, const char* what) {
    if (holds || !found.empty()) return;
    std::ostringstream os;
    os << service << " at " << place << ", " << t << ": " << what << ": "
       << schedule.At(window, t);
    found = os.str();
  };

  absl::Time at = absl::InfinitePast();
  Verdict before = schedule.At(window, at);
  std::vector<Verdict> walked;
  while (found.empty()) {
    const Verdict verdict = schedule.At(window, at);
    walked.push_back(verdict);
    const absl::Time probe =
        at == absl::InfinitePast()
            ? absl::FromCivil(absl::CivilDay(1, 1, 1), absl::UTCTimeZone())
            : at;
    check(probe, verdict);
    if (at != absl::InfinitePast()) {
      claim(verdict.since == Moment(at), at, "since");
      claim(!(Of(before) == Of(verdict)), at, "a change without a difference");
    }
    before = verdict;
    if (verdict.until.kind != Moment::kAt) break;
    const absl::Time until = verdict.until.at();
    check(until - absl::Seconds(1), verdict);
    claim(schedule.At(window, until - absl::Nanoseconds(1)) == verdict, at,
          "constant until its end");
    const absl::Duration length = until - probe;
    if (length < absl::Hours(24 * 100)) {
      for (int i = 0; i < between; ++i) {
        const absl::Time inside =
            probe + absl::Seconds(random() % absl::ToInt64Seconds(length));
        check(inside, verdict);
        claim(schedule.At(window, inside) == verdict, inside, "constant");
      }
    }
    at = until;
  }
  // What comes next, read off the walk.
  Moment open, close, change;
  bool seen_open = false, seen_close = false, seen_change = false;
  for (size_t i = walked.size(); i-- > 0 && found.empty();) {
    const absl::Time t = walked[i].since.kind == Moment::kAt
                             ? walked[i].since.at()
                             : absl::InfinitePast();
    if (seen_open) claim(walked[i].next_open == open, t, "next open");
    if (seen_close) claim(walked[i].next_close == close, t, "next close");
    if (seen_change) claim(walked[i].next_change == change, t, "next change");
    if (!seen_open) {
      claim(walked[i].next_open.kind != Moment::kAt, t, "no next open");
    }
    if (!seen_close) {
      claim(walked[i].next_close.kind != Moment::kAt, t, "no next close");
    }
    if (i == 0) break;
    const State now = walked[i].state, was = walked[i - 1].state;
    if (now != was) change = walked[i].since, seen_change = true;
    if (now != was && now == State::kOpen) {
      open = walked[i].since, seen_open = true;
    }
    if (now != was && was == State::kOpen) {
      close = walked[i].since, seen_close = true;
    }
  }
  // Past the horizon.
  const absl::Time last = walked.back().since.kind == Moment::kAt
                              ? walked.back().since.at()
                              : absl::UnixEpoch();
  check(last + absl::Hours(24 * 3),
        schedule.At(window, last + absl::Hours(72)));
  const absl::Time far = last + absl::Hours(24 * 366 * 30);
  check(far, schedule.At(window, far));

  // Many at once, in order and in none, and all places at once.
  std::vector<int64_t> seconds = {INT64_MIN, INT64_MAX, 0};
  for (const Verdict& verdict : walked) {
    seconds.push_back(verdict.since.unix_seconds);
    seconds.push_back(verdict.since.unix_seconds - 1);
  }
  for (int round = 0; round < 2; ++round) {
    std::vector<State> states(seconds.size());
    schedule.At(window, seconds, absl::MakeSpan(states));
    for (size_t i = 0; i < seconds.size(); ++i) {
      const absl::Time t = absl::FromUnixSeconds(seconds[i]);
      claim(states[i] == schedule.At(window, t).state, t, "batch");
      claim(states[i] == schedule.StateAt(window, t), t, "state");
    }
    if (round == 0) std::sort(seconds.begin(), seconds.end());
    if (round == 1) std::shuffle(seconds.begin(), seconds.end(), random);
  }
  const std::vector<State> all = schedule.StateOfAll(window, last);
  claim(all[window.place] == schedule.StateAt(window, last), last, "all");

  // Open time is what the intervals add up to.
  const std::vector<OpenInterval> intervals =
      schedule.Intervals(window, absl::InfinitePast(), absl::InfiniteFuture());
  absl::Duration total;
  for (const OpenInterval& interval : intervals) {
    claim(schedule.StateAt(window, interval.open) == State::kOpen,
          interval.open, "interval");
    claim(schedule.AddOpenTime(window, absl::InfinitePast(),
                               total + absl::Seconds(1)) ==
              Moment(interval.open + absl::Seconds(1)),
          interval.open, "add open time");
    total += interval.close - interval.open;
    claim(schedule.OpenTime(window, absl::InfinitePast(), interval.close) ==
              total,
          interval.close, "open time");
  }
  claim(schedule.OpenTime(window, absl::InfinitePast(),
                          absl::InfiniteFuture()) == total,
        last, "all open time");
  return found;
}

}  // namespace guiche
