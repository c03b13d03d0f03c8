// Many instants at once have the states that each has alone, whatever their
// order, however many times a day the window opens and whatever vectors there
// are.

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "schedule/table.h"
#include "tests/schedule/policies.h"

namespace guiche {

class ScheduleTestPeer {
 public:
  static std::vector<State> StatesAt(const Schedule& schedule, Window window,
                                     absl::Span<const int64_t> seconds,
                                     Vectors vectors) {
    const ScheduleTable& table = *schedule.table_;
    std::vector<State> states(seconds.size());
    table.StatesAt(table.TimelineOf(window), seconds, states.data(), vectors);
    return states;
  }
};

namespace {

class BatchTest : public testing::TestWithParam<int> {};

TEST_P(BatchTest, SameAsOneByOne) {
  std::string hours;
  for (int i = 0; i < GetParam(); ++i) {
    absl::StrAppend(&hours, "hours { open: '",
                    absl::StrFormat("%02d:00", i + 5), "' close: '",
                    absl::StrFormat("%02d:30", i + 5), "' } ");
  }
  const Schedule schedule = Compiled(
      PolicyOf(kGround,
               "services { id: 's' act: 'res' weekly { id: 'w' weekdays: "
               "[MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SATURDAY] ",
               hours, "} }"));
  const Window window = *schedule.Find("s", "leste");
  std::mt19937_64 random(1);
  // From 2021 to 2029, with some that no calendar holds.
  std::vector<int64_t> seconds(5003);
  for (int64_t& t : seconds) {
    t = random() % 50 == 0
            ? static_cast<int64_t>(random())
            : 1'609'459'200 + static_cast<int64_t>(random() % 252'460'800);
  }
  std::vector<absl::Time> times;
  std::vector<State> states(seconds.size()), states_of_times(seconds.size());
  int open = 0;
  for (int round = 0; round < 3; ++round) {
    if (round == 1) std::sort(seconds.begin(), seconds.end());
    // Every minute of some days.
    for (size_t i = 0; round == 2 && i < seconds.size(); ++i) {
      seconds[i] = 1'700'000'000 + 60 * static_cast<int64_t>(i);
    }
    times.clear();
    for (const int64_t t : seconds) times.push_back(absl::FromUnixSeconds(t));
    schedule.At(window, seconds, absl::MakeSpan(states));
    schedule.At(window, times, absl::MakeSpan(states_of_times));
    // Too few for the widest path.
    std::vector<State> states_by_few(seconds.size());
    for (size_t i = 0; i < seconds.size(); i += 7) {
      const size_t few = std::min<size_t>(7, seconds.size() - i);
      schedule.At(window, absl::MakeConstSpan(&seconds[i], few),
                  absl::MakeSpan(&states_by_few[i], few));
    }
    EXPECT_EQ(states_by_few, states);
    for (const Vectors vectors :
         {Vectors::kNone, Vectors::kAvx2, Vectors::kAvx512}) {
      if (vectors > WidestVectors()) continue;
      EXPECT_EQ(ScheduleTestPeer::StatesAt(schedule, window, seconds, vectors),
                states)
          << static_cast<int>(vectors);
    }
    for (size_t i = 0; i < seconds.size(); ++i) {
      const State alone = schedule.At(window, times[i]).state;
      ASSERT_EQ(states[i], alone) << times[i];
      ASSERT_EQ(states_of_times[i], alone) << times[i];
      ASSERT_EQ(schedule.StateAt(window, seconds[i]), alone) << times[i];
      open += alone == State::kOpen;
    }
  }
  EXPECT_EQ(open > 0, GetParam() > 0);
}

INSTANTIATE_TEST_SUITE_P(OpeningsADay, BatchTest,
                         testing::Values(0, 1, 2, 3, 9, 19));

}  // namespace
}  // namespace guiche
