public import JSON

/// A FHIR R4 Bundle as received: its entries by position, so that each resource is decoded once and on its own.
///
///     let bundle = try Bundle(decoding: body.span.bytes)
///     for (index, entry) in bundle.entries.enumerated() {
///         guard let slice = entry.resource else { continue }
///         do throws(FHIRError) {
///             let patient = try Patient(decoding: body.span.bytes.extracting(slice.range))
///             store(patient)
///         } catch {
///             report(error.within("Bundle.entry[\(index)].resource"))
///         }
///     }
public struct Bundle: Sendable, Hashable {
    /// Logical id; empty when absent.
    public var id = ""
    /// What the bundle is for.
    public var type: BundleType
    /// The entries in order.
    public var entries: [BundleEntry] = []

    private enum Field: Int, ElementField {
        case entry, type, resourceType, id
        static let names: [StaticString] = ["entry", "type", "resourceType", "id"]
    }

    /// Reads a bundle that is the whole text.
    ///
    /// - Throws: `FHIRError` when the text is not JSON or no usable bundle. A fault in one entry is kept in that entry.
    public init(decoding bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(FHIRError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes, limits: limits)
            self = try Self.read(&scanner)
            try scanner.finish()
        } catch {
            throw FHIRError(error, in: bytes, root: "Bundle")
        }
    }

    private static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Bundle {
        _ = try scanner.peekKind()
        let start = scanner.position
        var type: BundleType?
        var isBundle = false
        var bundle = Bundle(type: .collection)
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .resourceType:
                try scanner.fhirResourceType("Bundle")
                isBundle = true
            case .type: type = try scanner.fhirCode(BundleType.self)
            case .id: bundle.id = try scanner.fhirText()
            case .entry:
                var index = -1
                bundle.entries = try scanner.fhirElements(limit: FHIRLimits.bundleEntries) {
                    (scanner) throws(JSONFault) in
                    index += 1
                    return try BundleEntry.read(&scanner, index: index)
                }
            }
        }
        guard isBundle else {
            throw scanner.refuse(.required, "a resource needs its resourceType, here \"Bundle\"", at: start)
        }
        guard let type else { throw scanner.refuse(.required, "a Bundle needs its type", at: start) }
        bundle.type = type
        return bundle
    }

    private init(type: BundleType) {
        self.type = type
    }
}
