// A host of its own that links guiche: prints whether Sinop is open, and which
// unit takes a request.

#include <iostream>

#include "guiche/desk/desk.h"
#include "guiche/policy/mato_grosso.h"

int main() {
  const auto desk = guiche::Desk::Compile(guiche::MatoGrosso());
  if (!desk.ok()) {
    std::cerr << desk.status() << "\n";
    return 1;
  }
  guiche::v1::DecisionRequest request;
  request.set_text("quero pedir pensão alimentícia");
  request.set_place("Sinop");
  request.set_at("2026-01-07T12:00:00-04:00");
  const auto decision = desk->Decide(request);
  if (!decision.ok()) {
    std::cerr << decision.status() << "\n";
    return 1;
  }
  std::cout << guiche::v1::Availability::State_Name(
                   decision->availability().state())
            << " " << decision->route().area() << "\n";
  return 0;
}
