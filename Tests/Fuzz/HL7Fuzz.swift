// rooms: HL7v2

import HL7v2

/// A message: no trap; what is accepted is written and read the same, whole and field by field.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(HL7Error) {
        let message = try HL7Message(decoding: bytes)
        for segment in message.segments {
            var copy = HL7Segment(segment.name, delimiters: segment.delimiters, characterSet: segment.characterSet)
            for number in 1..<40 where segment.name != "MSH" || number > 2 {
                copy.set(number, segment.field(number))
                // What says nothing may be written as nothing.
                precondition(copy.field(number).isEmpty == segment.field(number).isEmpty)
            }
        }
        guard let again = try? HL7Message(decoding: message.encoded()) else {
            preconditionFailure("written, but not read")
        }
        precondition(again.encoded() == message.encoded(), "a message must not change on its second way")
    } catch {
        precondition(!error.reason.isEmpty && !error.location.parts.isEmpty)
        _ = HL7Message.header(ofUnreadable: bytes)
    }
    return 0
}
