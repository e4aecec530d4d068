public import JSON

/// A FHIR R4 Parameters resource as received: named values, resources by position.
public struct Parameters: Sendable, Hashable {
    /// One named parameter.
    public struct Parameter: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value of `value[x]`, whatever its type.
        public var value: JSONValue?
        /// The `x` of `value[x]`, such as `Boolean`; empty when there is no value.
        public var type: String
        /// Where the resource lies in the bytes.
        public var resource: JSONSlice?
    }

    /// The parameters in order.
    public private(set) var parameters: [Parameter] = []

    /// Every parameter of a name, in order.
    public func all(_ name: String) -> [Parameter] { parameters.filter { $0.name == name } }

    private enum Field: Int, ElementField {
        case parameter, resourceType
        static let names: [StaticString] = ["parameter", "resourceType"]
    }

    /// Reads a Parameters resource that is the whole text.
    ///
    /// - Throws: `FHIRError` that names the element at fault.
    public init(decoding bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(FHIRError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes, limits: limits)
            _ = try scanner.peekKind()
            let start = scanner.position
            var isParameters = false
            var members = try ElementReader<Field>(&scanner)
            while let field = try members.next(&scanner) {
                switch field {
                case .resourceType:
                    try scanner.fhirResourceType("Parameters")
                    isParameters = true
                case .parameter:
                    parameters = try scanner.fhirElements(limit: FHIRLimits.parameters, Self.readParameter)
                }
            }
            guard isParameters else {
                throw scanner.refuse(.required, "a resource needs its resourceType, here \"Parameters\"", at: start)
            }
            try scanner.finish()
        } catch {
            throw FHIRError(error, in: bytes, root: "Parameters")
        }
    }

    private static func readParameter(_ scanner: inout JSONScanner) throws(JSONFault) -> Parameter {
        _ = try scanner.peekKind()
        let start = scanner.position
        var parameter = Parameter(name: "", type: "")
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let name = scanner.text(key)
            if name == "name" {
                parameter.name = try scanner.fhirText()
            } else if name == "resource" {
                parameter.resource = try scanner.skipValue()
            } else if name.hasPrefix("value") {
                guard parameter.value == nil else {
                    throw scanner.refuse(.structure, "a parameter has one value", at: key.offset - 1)
                }
                parameter.type = String(name.dropFirst("value".count))
                parameter.value = try JSONValue(reading: &scanner)
            } else {
                try scanner.skipValue()
            }
        }
        guard !parameter.name.isEmpty else { throw scanner.refuse(.required, "a parameter needs a name", at: start) }
        return parameter
    }
}
