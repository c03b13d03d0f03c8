// Eight threads put questions to one engine and one window; for
// ThreadSanitizer, and for answers that must be the same in all.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "bindings/c/guiche.h"
#include "gtest/gtest.h"

namespace {

TEST(Threads, ShareAnEngine) {
  guiche_engine* engine;
  guiche_window* window;
  guiche_buffer out;
  ASSERT_EQ(guiche_engine_create(nullptr, 0, 0, nullptr, 0, nullptr, 0, &engine,
                                 &out),
            GUICHE_OK);
  ASSERT_EQ(guiche_window_create(engine, "", 0, "Sinop", 5, &window, &out),
            GUICHE_OK);
  const std::string request = R"({"text":"quero pedir pensão","place":"Sinop",)"
                              R"("at":"2026-01-07T12:00:00-04:00"})";
  const auto decide = [&] {
    guiche_buffer answer;
    EXPECT_EQ(guiche_call(engine, "decide", 6, GUICHE_JSON, request.data(),
                          request.size(), &answer),
              GUICHE_OK);
    std::string text(answer.data, answer.data + answer.size);
    guiche_buffer_free(&answer);
    return text;
  };
  const std::string expected = decide();
  std::atomic<int> others{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (decide() != expected) ++others;
        const int64_t instants[] = {1767801599, 1767801600};
        uint8_t states[2];
        guiche_window_states(window, 1, instants, 2, states);
        if (states[0] != GUICHE_CLOSED || states[1] != GUICHE_OPEN) ++others;
        guiche_decision decisions[2];
        guiche_decide(engine, nullptr, nullptr, nullptr, nullptr, 1, instants,
                      2, decisions);
        if (decisions[0].state != GUICHE_CLOSED ||
            decisions[1].state != GUICHE_OPEN) {
          ++others;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(others, 0);
  guiche_engine_free(engine);
  guiche_window_free(window);
}

}  // namespace
