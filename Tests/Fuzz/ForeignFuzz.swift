// rooms: Bytes Identifiers JSON Demographics Matching Identity RuleSets
// packages: Yams
// seeds: Tests/Golden/splink/4/model.json Tests/Golden/splink/5/model.json Tests/Golden/opencr/deterministic.json Tests/Golden/opencr/probabilistic.json
// length: 12288

import JSON
import RuleSets

/// A model of Splink or of OpenCR: no trap; one of Splink's that is accepted is written and read the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let value = try? JSONValue(parsing: bytes.span.bytes) else { return 0 }
    _ = try? OpenCRRules(json: value)
    do throws(RuleSetFaults) {
        let model = try SplinkModel(json: value)
        guard let again = try? SplinkModel(json: model.json) else { preconditionFailure("written, but not read") }
        precondition(again.json == model.json, "a model must not change on its second way")
    } catch {
        precondition(!error.faults.isEmpty)
    }
    return 0
}
