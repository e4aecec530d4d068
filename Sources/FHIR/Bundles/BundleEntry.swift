public import JSON

/// One entry of a bundle that was received; its resource stays where it is in the bundle's bytes.
public struct BundleEntry: Sendable, Hashable {
    /// The resource's absolute URL or `urn:uuid:`; empty when absent.
    public var fullURL = ""
    /// Where the resource lies in the bundle's bytes.
    public var resource: JSONSlice?
    /// What is asked for.
    public var request: BundleRequest?
    /// Why the entry cannot be used, though the bundle as a whole can.
    ///
    /// The path begins at `Bundle`; line and column count from the start of the entry.
    public var fault: FHIRError?
}

extension BundleEntry {
    private enum Field: Int, ElementField {
        case resource, fullUrl, request
        static let names: [StaticString] = ["resource", "fullUrl", "request"]
    }

    /// Reads an entry.
    ///
    /// A fault of its elements is kept in it; broken grammar is an error, since nothing after it is sure. The fault is
    /// located within the entry, not from the start of the bundle: ten thousand faulty entries must not cost as many
    /// readings of the whole.
    static func read(_ scanner: inout JSONScanner, index: Int) throws(JSONFault) -> BundleEntry {
        var attempt = scanner
        do throws(JSONFault) {
            let entry = try readStrictly(&attempt)
            scanner = attempt
            return entry
        } catch {
            let slice = try scanner.skipValue()
            let fault = JSONFault(error.problem, at: error.offset - slice.offset)
            var entry = BundleEntry()
            entry.fault = FHIRError(fault, in: scanner.raw(slice), root: "Entry").within("Bundle.entry[\(index)]")
            return entry
        }
    }

    private static func readStrictly(_ scanner: inout JSONScanner) throws(JSONFault) -> BundleEntry {
        var entry = BundleEntry()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .fullUrl: entry.fullURL = try scanner.fhirText(limit: FHIRLimits.urlBytes)
            case .request: entry.request = try BundleRequest.read(&scanner)
            case .resource:
                let kind = try scanner.peekKind()
                guard kind == .object else {
                    throw scanner.refuse(.structure, "expected an object, found \(kind.phrase)", at: scanner.position)
                }
                entry.resource = try scanner.skipValue()
            }
        }
        return entry
    }
}
