// The OpenAPI document of the server, told from the messages themselves.

#ifndef GUICHE_EXAMPLES_HTTP_OPENAPI_H_
#define GUICHE_EXAMPLES_HTTP_OPENAPI_H_

#include <string>

namespace guiche {

// OpenAPI 3.0 as JSON: every method, its request and its answer.
std::string OpenApi();

}  // namespace guiche

#endif  // GUICHE_EXAMPLES_HTTP_OPENAPI_H_
