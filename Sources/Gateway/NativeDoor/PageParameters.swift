internal import Identifiers

/// How a client walks a long list: `after` and `limit`.
enum PageParameters {
    static let after = RouteParameter("after", "Where to go on: `next` of the page before.")
    static let limit = RouteParameter("limit", "Entries wanted at most.", kind: .number)

    /// The number of entries wanted; more than is allowed is cut.
    ///
    /// - Throws: a 400 where it is no number above 0.
    static func limit(_ target: RequestTarget, standard: Int, most: Int) throws(DoorFault) -> Int {
        guard let text = target["limit"] else { return min(standard, most) }
        guard let limit = Int(text), limit > 0 else { throw .invalid("must be a whole number above 0", at: "limit") }
        return min(limit, most)
    }
}
