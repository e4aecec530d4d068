internal import FHIR

/// How the answer to a search is to look: everything that changes nothing of what is found.
struct SearchOptions: Sendable {
    /// Which parts of a resource are wanted (FHIR R4, 3.1.1.5.8).
    enum Summary: String, Sendable {
        case yes = "true"
        case no = "false"
        case text, data, count
    }

    /// Whether the number of matches is wanted.
    enum Total: String, Sendable {
        case none, estimate, accurate
    }

    /// One part of the order, such as `-birthdate`.
    struct Order: Sendable, Hashable {
        var field: SearchSorting.Field
        var isDescending: Bool
    }

    /// Entries of a page; 0 asks for the total only.
    var count: Int
    var summary = Summary.no
    var elements: [String] = []
    var total = Total.accurate
    var order: [Order] = []
    var cursor: SearchCursor?
    /// Parameters that are part of the self link: those that were honoured.
    var used: [RequestTarget.Item] = []
    /// Parameters that were not understood.
    var ignored: [String] = []
    /// Whether the persons related to each Patient are wanted too.
    var includesRelated = false
    /// Whether what each Patient links to is wanted too.
    var includesLinked = false
    /// The rest: what is searched for.
    var query: [(name: String, value: String)] = []

    /// The ways to ask for what Patients link to.
    private static let links: Set = ["Patient:link", "Patient:link:Patient"]

    /// Reads the parameters of a search.
    ///
    /// - Throws: a 400 where a value cannot be used.
    init(_ items: [RequestTarget.Item], _ limits: GatewayLimits) throws(DoorFault) {
        count = limits.pageDefault
        for item in items {
            switch item.name {
            case "_format", "_pretty": continue
            case SearchCursor.name:
                cursor = try SearchCursor(parsing: item.value)
                continue
            case "_count":
                guard let value = Int(item.value), value >= 0 else {
                    throw .invalid("must be a whole number from 0", at: item.name)
                }
                count = min(value, limits.pageMax)
            case "_summary": summary = try Self.read(item)
            case "_total": total = try Self.read(item)
            case "_elements":
                elements += item.value.split(separator: ",").map { ContentNegotiation.trimmed($0) }.map(String.init)
            case "_sort": order += try SearchSorting.order(item.value)
            case "_revinclude" where item.value.hasPrefix("RelatedPerson:patient"): includesRelated = true
            case "_include" where Self.links.contains(item.value): includesLinked = true
            case "_include", "_revinclude", "_contained", "_containedType", "_filter", "_query", "_content", "_text",
                "_list",
                "_has", "_tag", "_profile", "_security", "_source":
                ignored.append(item.name)
                continue
            default:
                query.append((item.name, item.value))
                continue
            }
            used.append(item)
        }
    }

    private static func read<Value: RawRepresentable<String>>(_ item: RequestTarget.Item) throws(DoorFault) -> Value {
        guard let value = Value(rawValue: item.value) else {
            throw .invalid("is none of the known values", at: item.name)
        }
        return value
    }

    /// Whether nothing but the number is wanted.
    var isCountOnly: Bool { summary == .count || count == 0 }
}
