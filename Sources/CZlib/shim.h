#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift cannot call. 16 + 15: gzip framing, the largest window.
static inline int tessera_inflate_init_gzip(z_stream *stream) { return inflateInit2(stream, 16 + 15); }
static inline int tessera_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY);
}
