// rooms: Bytes Identifiers JSON Demographics Matching Identity RuleSets
// packages: Yams
// seeds: Sources/RuleSets/default.yaml
// length: 8192

import Matching
import RuleSets

/// A rule file: no trap; rules that compile are written, read again, and are the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    guard let rules = try? RuleSetFile(yaml: text).compiled() else { return 0 }
    guard let again = try? RuleSetFile(yaml: rules.yaml()).compiled() else {
        preconditionFailure("written, but not read")
    }
    precondition(again.version == rules.version, "rules must not change on their second way")
    return 0
}
