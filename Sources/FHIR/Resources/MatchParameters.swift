public import JSON

/// The input of `Patient/$match`: a Parameters resource, or a bare Patient.
public struct MatchParameters: Sendable, Hashable {
    /// Where the Patient lies in the bytes.
    public let resource: JSONSlice
    /// The path of the Patient, for errors inside it.
    public let resourceExpression: String
    /// Whether only matches that are beyond doubt are wanted.
    public let onlyCertainMatches: Bool
    /// Most matches wanted.
    public let count: Int?

    /// Reads the input of a match.
    ///
    /// - Throws: `FHIRError` that names the element at fault.
    public init(decoding bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(FHIRError) {
        let header = try ResourceHeader(decoding: bytes, limits: limits)
        switch header.resourceType {
        case "Patient":
            resource = JSONSlice(offset: 0, length: bytes.byteCount)
            resourceExpression = "Patient"
            onlyCertainMatches = false
            count = nil
        case "Parameters":
            let parameters = try Parameters(decoding: bytes, limits: limits)
            resource = try Self.resource(of: parameters)
            let index = parameters.parameters.firstIndex { $0.name == "resource" } ?? 0
            resourceExpression = "Parameters.parameter[\(index)].resource"
            onlyCertainMatches = try Self.single("onlyCertainMatches", "Boolean", of: parameters)?.boolean ?? false
            count = try Self.count(of: parameters)
        default:
            let reason = "expected Parameters or a Patient, found another resourceType"
            throw FHIRError(.invalid, expression: "resourceType", reason: reason)
        }
    }

    private static func resource(of parameters: Parameters) throws(FHIRError) -> JSONSlice {
        let all = parameters.all("resource")
        guard all.count == 1, let slice = all[0].resource else {
            let reason = "exactly one parameter \"resource\" with a Patient is needed, found \(all.count)"
            throw FHIRError(.required, expression: "Parameters.parameter", reason: reason)
        }
        return slice
    }

    private static func count(of parameters: Parameters) throws(FHIRError) -> Int? {
        guard let value = try single("count", "Integer", of: parameters) else { return nil }
        guard let count = value.integer, count > 0 else {
            throw FHIRError(.value, expression: "Parameters.parameter", reason: "\"count\" must be an integer above 0")
        }
        return count
    }

    private static func single(
        _ name: String,
        _ type: String,
        of parameters: Parameters
    ) throws(FHIRError) -> JSONValue? {
        let all = parameters.all(name)
        guard let first = all.first else { return nil }
        let kind: JSONKind = type == "Boolean" ? .boolean : .number
        guard all.count == 1, first.type == type, let value = first.value, value.kind == kind else {
            let reason = "\"\(name)\" may be given once, as value\(type)"
            throw FHIRError(.value, expression: "Parameters.parameter", reason: reason)
        }
        return value
    }
}
