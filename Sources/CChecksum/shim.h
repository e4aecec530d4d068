#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* CRC-32C by the processor's instruction. The register goes in and comes out as it is, not inverted. */

#define CRC32C_PART 256

#if defined(__x86_64__)
#define CRC32C_TARGET __attribute__((target("sse4.2")))
#define CRC32C_WORD(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))
#define CRC32C_BYTE(crc, byte) (__builtin_ia32_crc32qi((crc), (byte)))
static inline int crc32c_has_instruction(void) { return __builtin_cpu_supports("sse4.2") != 0; }
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#define CRC32C_TARGET
#define CRC32C_WORD(crc, word) (__builtin_arm_crc32cd((crc), (word)))
#define CRC32C_BYTE(crc, byte) (__builtin_arm_crc32cb((crc), (byte)))
static inline int crc32c_has_instruction(void) { return 1; }
#endif

#ifdef CRC32C_WORD
static inline uint64_t crc32c_load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The register after CRC32C_PART zeros more; `zeros` has 256 entries for each of its four bytes. */
static inline uint32_t crc32c_shift(uint32_t crc, const uint32_t *zeros) {
    return zeros[crc & 255] ^ zeros[256 + ((crc >> 8) & 255)] ^ zeros[512 + ((crc >> 16) & 255)] ^ zeros[768 + (crc >> 24)];
}

/* The instruction takes three cycles, but a new one may begin in each: three parts go side by side. */
CRC32C_TARGET static inline uint32_t crc32c_update(uint32_t crc, const uint8_t *bytes, size_t count, const uint32_t *zeros) {
    while (count >= 3 * CRC32C_PART) {
        uint32_t second = 0, third = 0;
        for (size_t place = 0; place < CRC32C_PART; place += 8) {
            crc = CRC32C_WORD(crc, crc32c_load(bytes + place));
            second = CRC32C_WORD(second, crc32c_load(bytes + CRC32C_PART + place));
            third = CRC32C_WORD(third, crc32c_load(bytes + 2 * CRC32C_PART + place));
        }
        crc = crc32c_shift(crc32c_shift(crc, zeros) ^ second, zeros) ^ third;
        bytes += 3 * CRC32C_PART;
        count -= 3 * CRC32C_PART;
    }
    for (; count >= 8; count -= 8, bytes += 8) crc = CRC32C_WORD(crc, crc32c_load(bytes));
    for (; count > 0; count--, bytes++) crc = CRC32C_BYTE(crc, *bytes);
    return crc;
}
#else
static inline int crc32c_has_instruction(void) { return 0; }
static inline uint32_t crc32c_update(uint32_t crc, const uint8_t *bytes, size_t count, const uint32_t *zeros) {
    (void)bytes; (void)count; (void)zeros;
    return crc;
}
#endif
