// rooms: Bytes Identifiers JSON Demographics Matching Identity RuleSets
// packages: Yams
// seeds: Sources/RuleSets/default.yaml
// length: 8192

import RuleSets

/// A rule file: no trap; one that is accepted is written and read the same, and its rules compile or are refused.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    guard let file = try? RuleSetFile(yaml: text) else { return 0 }
    guard let again = try? RuleSetFile(yaml: file.yaml()) else { preconditionFailure("written, but not read") }
    precondition(again == file, "a rule file must not change on its second way")
    _ = try? file.compiled()
    return 0
}
