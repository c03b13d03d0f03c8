// The same of the C++ library, which is static only.
#include <guiche/desk/holder.h>
#include <guiche/policy/mato_grosso.h>

#include <iostream>

int main() {
  const auto desk = guiche::Desk::Compile(guiche::MatoGrosso());
  if (!desk.ok()) return 1;
  const guiche::DeskHolder holder(*desk);
  guiche::v1::AvailabilityRequest request;
  request.set_place("Sinop");
  request.set_at("2026-01-07T12:00:00-04:00");
  std::cout << holder.Get().Open(request)->state() << "\n";
}
