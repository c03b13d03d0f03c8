// The library writes nothing to stdout or stderr, whatever it is given: words
// of citizens and contents of policies reach no log.

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <string>

#include "desk/call.h"
#include "desk/desk.h"
#include "gtest/gtest.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"
#include "tests/desk/policies.h"

namespace guiche {
namespace {

// Sends stdout and stderr to a file while it lives.
class Capture {
 public:
  Capture() {
    file_ = tmpfile();
    fflush(stdout);
    fflush(stderr);
    saved_out_ = dup(STDOUT_FILENO);
    saved_err_ = dup(STDERR_FILENO);
    dup2(fileno(file_), STDOUT_FILENO);
    dup2(fileno(file_), STDERR_FILENO);
  }

  // What was written; ends the capture.
  std::string Finish() {
    fflush(stdout);
    fflush(stderr);
    dup2(saved_out_, STDOUT_FILENO);
    dup2(saved_err_, STDERR_FILENO);
    close(saved_out_);
    close(saved_err_);
    std::string written;
    rewind(file_);
    for (int c; (c = fgetc(file_)) != EOF;) {
      written.push_back(static_cast<char>(c));
    }
    fclose(file_);
    return written;
  }

 private:
  FILE* file_;
  int saved_out_, saved_err_;
};

// No UTF-8, with a NUL and what formatters of text look for.
std::string Nasty() {
  constexpr char kBytes[] =
      "SEGREDO \xff\xfe\xed\xa0\x80 \0 nul \xf0\x9f\x98\xa2 {{{ %s %n";
  return std::string(kBytes, sizeof(kBytes) - 1);
}

TEST(SilenceTest, CaptureCatchesWhatIsWritten) {
  Capture capture;
  fprintf(stderr, "err");
  EXPECT_EQ(write(STDOUT_FILENO, "out", 3), 3);
  EXPECT_EQ(capture.Finish(), "errout");
}

TEST(SilenceTest, QuestionsReachNoLog) {
  const auto desk = Desk::Compile(MatoGrosso());
  ASSERT_TRUE(desk.ok()) << desk.status();
  Capture capture;
  for (const char* method :
       {"open", "route", "decide", "check", "calendar", "policy", "none"}) {
    for (const CallFormat format : {CallFormat::kJson, CallFormat::kProto}) {
      for (const std::string& request :
           {std::string(), std::string("{}"), Nasty(), Nasty() + Nasty(),
            "{\"text\":\"" + Nasty() + "\"}",
            std::string("{\"text\":\"SEGREDO\",\"at\":\"SEGREDO\"}"),
            std::string("{\"text\":\"meu marido me bateu\",\"place\":\"Sinop\","
                        "\"at\":\"2026-01-08T12:00:00-04:00\"}"),
            std::string("\x0a\x04\xff\xfe\xfd\xfc", 6)}) {
        (void)Call(*desk, method, request, format);
      }
    }
  }
  v1::DecisionRequest request;
  request.set_text(Nasty());
  request.set_place(Nasty());
  request.set_at("2026-01-08T12:00:00-04:00");
  (void)desk->Decide(request);
  request.clear_place();
  (void)desk->Decide(request);
  request.set_at("9999-12-31T23:59:59+14:00");
  (void)desk->Decide(request);
  EXPECT_EQ(capture.Finish(), "");
}

TEST(SilenceTest, PoliciesReachNoLog) {
  v1::Policy broken = SmallPolicy();
  broken.mutable_units(0)->set_name(Nasty());
  broken.mutable_routes(0)->set_act("SEGREDO");
  broken.set_time_zone("SEGREDO");
  Capture capture;
  (void)Desk::Compile(broken);
  for (const PolicyFormat format :
       {PolicyFormat::kText, PolicyFormat::kJson, PolicyFormat::kBinary}) {
    for (const std::string& bytes :
         {std::string(), Nasty(), std::string("id: \"\xff\""),
          std::string("{\"id\":\"\xff\"}"), std::string("\x0a\x02\xff\xfe"),
          std::string("id: 5 SEGREDO: 7"), std::string("{\"SEGREDO\":7}")}) {
      v1::Policy policy;
      (void)MergePolicy("SEGREDO", bytes, format, policy);
      (void)Desk::Compile(policy);
    }
  }
  EXPECT_EQ(capture.Finish(), "");
}

}  // namespace
}  // namespace guiche
