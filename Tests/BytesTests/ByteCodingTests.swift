import Testing

@testable import Bytes

struct ByteCodingTests {
    @Test func whatIsWrittenIsRead() throws {
        var writer = ByteWriter()
        writer.write(UInt8(7))
        writer.write(Int32(-5))
        writer.write(UInt64.max)
        for value in [0, 127, 128, 300, UInt64.max] as [UInt64] { writer.write(varint: value) }
        writer.write(string: "Wanjirũ")
        writer.write(prefixed: [1, 2, 3])
        try writer.bytes.withUnsafeBytes { buffer in
            var reader = ByteReader(buffer)
            #expect(try reader.read(UInt8.self) == 7)
            #expect(try reader.read(Int32.self) == -5)
            #expect(try reader.read(UInt64.self) == .max)
            for value in [0, 127, 128, 300, UInt64.max] as [UInt64] { #expect(try reader.readVarint() == value) }
            #expect(try reader.readString(limit: 100) == "Wanjirũ")
            #expect(try reader.readBytes(limit: 3) == [1, 2, 3])
            try reader.finish()
        }
    }

    @Test func whatIsNotThereIsAnError() {
        [UInt8]([1, 2]).withUnsafeBytes { buffer in
            var reader = ByteReader(buffer)
            #expect(throws: ByteError.truncated(at: 0, needed: 8)) { try reader.read(UInt64.self) }
        }
        [UInt8](repeating: 0xFF, count: 11).withUnsafeBytes { buffer in
            var reader = ByteReader(buffer)
            #expect(throws: ByteError.badVarint(at: 0)) { try reader.readVarint() }
        }
        [UInt8]([5, 1]).withUnsafeBytes { buffer in
            var reader = ByteReader(buffer)
            #expect(throws: ByteError.tooLarge(at: 0, value: 5, limit: 4)) { try reader.readBytes(limit: 4) }
        }
        [UInt8]([2, 0xC3, 0x28]).withUnsafeBytes { buffer in
            var reader = ByteReader(buffer)
            #expect(throws: ByteError.badUTF8(at: 0)) { try reader.readString(limit: 9) }
        }
    }

    @Test func base32ComesBack() {
        for value in [0, 1, 31, 32, 0xDEAD_BEEF, UInt64.max] as [UInt64] {
            let text = Base32.encode(value)
            #expect(text.count == 13)
            #expect(Base32.decode(text) == value)
            #expect(Base32.decode(text.lowercased()) == value)
        }
        #expect(Base32.decode("G000000000000") == nil, "more than 64 bits")
        #expect(Base32.decode("U000000000000") == nil, "not a digit")
    }

    @Test func oneWrongDigitShows() throws {
        let text = Array(Base32.encode(0x0123_4567_89AB_CDEF))
        let check = try #require(Base32.checkDigit(String(text)))
        for place in text.indices {
            for digit in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" where digit != text[place] {
                var wrong = text
                wrong[place] = digit
                #expect(Base32.checkDigit(String(wrong)) != check)
            }
        }
    }
}
