"""A font without shapes, for text that is there to be found and not to be seen: every character is half an em wide.

One glyph, made with fontTools: a line of no width from corner to corner, so that it has a box and nothing to paint. Every
UTF-16 unit is mapped to it and to itself, so the layer holds any script, and its text comes out as it went in.
"""

import base64
import zlib

WIDTH = 0.5
"""Of a character, of the font's size."""
DESCENT = 0.2
"""Of the font's size."""

_PACKED = (
    "c-oavyGjE=6g{((tPg^UiIPTG#6lz}SV#)NLNVGX#8%WHu32F>S=<D&japjT_z#L!*4nA0^aBJN3qK$>Y2w*Od;}Zsa`&Ed=FXin0|8(Vr;so<x8"
    "~+oUYE}SF->)^<R}*@tddhhu59}U*|qc|`2%^@GS&Xmbtg}J!(6Z^B*(=p@f&l>a%v6HB7!*MPq(Wj#d!h03%H{iE)qzR_mdkH<(OCZm+Ry&<i~E"
    "+t5r{=0<>-N83bOL6S<4S-QmR#NckR2yM5llckSdwOBw_c8lvDHX#_rFH?45e&k&)aaZj|Op*N&x@fDKv`_EWn#3Mov^w#WYF}lva&X&wf>?XrAv"
    "!Nck>U6^F-XIm-FTOQ9#?t9_yGggfL>(J(r@%ne8BXdWi?AN*JSh<<qZo;?h9OMGSP%4q?Yow3dS1~i*KKu#0&MtjVX>O<_!U{psFN!k{rQT&gX="
    "<*s^SBm#2`_J"
)
GLYPHS = b"\0\1" * 65_536
"""For each code its glyph: that one."""
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def font_file() -> bytes:
    """The font, TrueType."""
    return zlib.decompress(base64.b85decode(_PACKED))
