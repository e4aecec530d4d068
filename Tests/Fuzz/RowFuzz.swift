// rooms: Bytes Identifiers Demographics Identity

import Identifiers
import Identity

/// Rows of persons and of what happened to them: no trap; what is accepted has one form, and can be decided on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 0 else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: data + 1, count: count - 1)
    if data[0] & 1 == 0 {
        guard let event = try? IdentityEvent(decoding: bytes) else { return 0 }
        precondition(event.encoded() == Array(bytes), "an event has one form")
        return 0
    }
    guard let component = try? Component(decoding: bytes) else { return 0 }
    precondition(component.encoded() == Array(bytes), "a component has one form")
    let policy = IdentityPolicy(matchThreshold: MatchWeight(bits: 9), reviewThreshold: MatchWeight(bits: 4))
    var births = Sequence(1)
    for member in component.members.prefix(3) {
        let change = IdentityChange.remove(record: member.record)
        _ = try? IdentityEngine(policy: policy).resolve([component], applying: [change], nextBirth: &births)
    }
    return 0
}
