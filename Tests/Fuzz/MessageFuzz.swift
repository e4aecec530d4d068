// rooms: Bytes Identifiers ShardProtocol

import Bytes
import ShardProtocol

/// A message of any content: it is refused, or reads the same after it was written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 1 else { return 0 }
    var message = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    // Half of the inputs get a head that fits, so that what lies behind it is reached.
    if data[0] & 1 == 0, message.count >= MessageFrame.headLength {
        let content = Array(message[MessageFrame.headLength...])
        put(0x4D52_5354, 4, at: 0, &message)
        put(UInt32(SpokenVersions.highestKnown), 2, at: 4, &message)
        put(UInt32(content.count), 4, at: 8, &message)
        put(CRC32C.checksum(content), 4, at: 12, &message)
    }
    message.withUnsafeBytes { bytes in
        if let request = try? MessageFrame.decodeRequest(bytes) {
            let again = MessageFrame.encode(request).withUnsafeBytes { try? MessageFrame.decodeRequest($0) }
            precondition(again == request, "a request changed on its way")
            if case .commit(let commit) = request { walk(commit.operations) }
        }
        if let answer = try? MessageFrame.decodeAnswer(bytes) {
            let again = MessageFrame.encode(answer).withUnsafeBytes { try? MessageFrame.decodeAnswer($0) }
            precondition(again == answer, "an answer changed on its way")
        }
    }
    return 0
}

private func walk(_ operations: [UInt8]) {
    operations.withUnsafeBytes { bytes in
        var reader = OperationReader(bytes)
        while (try? reader.next()) != nil {}
    }
}

private func put(_ value: UInt32, _ width: Int, at offset: Int, _ bytes: inout [UInt8]) {
    for index in 0..<width { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
}
