internal import FHIR
internal import Coordinator
internal import Identifiers

/// One page of a search, and how many matches there are.
struct SearchPage: Sendable {
    var patients: [FoundPatient]
    /// The number of matches; `nil` where counting them would cost too much.
    var total: Int?
    var next: SearchCursor?

    /// The page in the order of addresses.
    init(_ finder: PatientFinder, _ options: SearchOptions) async throws(DoorFault) {
        let after = options.cursor?.record
        total = options.cursor?.total
        let wanted = options.isCountOnly ? 0 : options.count
        let isCounting = total == nil && options.cursor == nil && (options.total != .none || wanted == 0)
        // One more than the page holds tells whether there is a next one.
        let limit = isCounting ? Int.max : wanted + 1
        let found = try await finder.find(after: after, limit: limit)
        patients = Array(found.patients.prefix(wanted))
        if isCounting, !found.isCut { total = found.patients.count }
        if wanted == 0 {
            guard total != nil else {
                let place = options.summary == .count ? "_summary" : "_count"
                throw DoorFault(400, .tooCostly, "there are too many matches to be counted: search for less", at: place)
            }
            return
        }
        if found.patients.count > wanted, let last = patients.last {
            next = SearchCursor(record: last.place, sortedBy: [], total: total)
        } else if let place = found.next, found.isCut {
            next = SearchCursor(record: place, sortedBy: [], total: total)
        }
    }

    /// The page in an order that was asked for: everything is found first.
    init(sorted finder: PatientFinder, _ options: SearchOptions) async throws(DoorFault) {
        let limit = finder.call.limits.searchSorted
        let found = try await finder.find(after: nil, limit: limit)
        guard !found.isCut, found.patients.count < limit else {
            throw DoorFault(400, .tooCostly, "there are too many matches to be sorted: search for less", at: "_sort")
        }
        let order = options.order
        var keyed = found.patients.map { (key: (SearchSorting.values($0, order), $0.record.id.description), found: $0) }
        keyed.sort { SearchSorting.isBefore($0.key, $1.key, order) }
        total = options.total == .none ? nil : keyed.count
        if let cursor = options.cursor {
            guard cursor.sortedBy.count == order.count else {
                throw .invalid("belongs to another search", at: SearchCursor.name)
            }
            let place = (cursor.sortedBy, cursor.record.description)
            keyed.removeAll { !SearchSorting.isBefore(place, $0.key, order) }
        }
        let wanted = options.isCountOnly ? 0 : options.count
        patients = keyed.prefix(wanted).map(\.found)
        if wanted > 0, keyed.count > wanted {
            let last = keyed[wanted - 1]
            next = SearchCursor(record: last.found.record.id, sortedBy: last.key.0, total: nil)
        }
    }
}
