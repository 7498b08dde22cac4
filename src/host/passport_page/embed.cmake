# SPDX-License-Identifier: Apache-2.0
# cmake -DSCRIPTS=a.js;b.js -DSTYLE=x.css -DTEMPLATE=x.html -DOUT=x.inc -P embed.cmake
# Writes `constexpr std::string_view script, style, page_template`. A literal is cut in pieces, which the compiler joins,
# because the standard promises no more than 65,536 characters each.
function(literal name)
  file(APPEND ${OUT}.new "constexpr std::string_view ${name} =")
  foreach(path ${ARGN})
    file(READ ${path} content HEX)
    string(LENGTH "${content}" digits)
    set(at 0)
    while(at LESS digits)
      string(SUBSTRING "${content}" ${at} 4000 piece)
      string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" piece "${piece}")
      file(APPEND ${OUT}.new "\n  \"${piece}\"")
      math(EXPR at "${at} + 4000")
    endwhile()
  endforeach()
  file(APPEND ${OUT}.new ";\n")
endfunction()

file(WRITE ${OUT}.new "")
literal(script ${SCRIPTS})
literal(style ${STYLE})
literal(page_template ${TEMPLATE})
file(RENAME ${OUT}.new ${OUT})
