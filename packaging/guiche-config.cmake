# guiche::guiche, the shared library and its header guiche.h.
get_filename_component(_guiche_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET guiche::guiche)
  add_library(guiche::guiche SHARED IMPORTED)
  set_target_properties(guiche::guiche PROPERTIES
    IMPORTED_LOCATION "${_guiche_prefix}/lib/libguiche.so.0"
    IMPORTED_SONAME "libguiche.so.0"
    INTERFACE_INCLUDE_DIRECTORIES "${_guiche_prefix}/include")
endif()
unset(_guiche_prefix)
