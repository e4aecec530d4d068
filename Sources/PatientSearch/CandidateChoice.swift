import FHIR
import Lookup

extension PatientQuery {
    /// Where to look: the clause that narrows most decides.
    public var candidates: Candidates {
        for clause in clauses where clause.parameter == .id && clause.modifier == nil {
            return .ids(codes(clause))
        }
        for clause in clauses where clause.parameter == .identifier && clause.modifier == nil {
            let isGolden = clause.values.allSatisfy { value in
                guard case .token(let system?, let code) = value else { return false }
                return system == context.goldenSystem && !code.isEmpty
            }
            if isGolden { return .goldens(codes(clause)) }
        }
        var best: (rank: Int, keys: [UInt64])?
        for clause in clauses {
            guard let found = keys(clause), best.map({ found.rank < $0.rank }) ?? true else { continue }
            best = found
        }
        return best.map { .keys($0.keys) } ?? .everything
    }

    private func codes(_ clause: SearchClause) -> [String] {
        clause.values.compactMap { value in
            guard case .token(_, let code) = value else { return nil }
            return code
        }
    }

    /// The keys of everything that a clause can find, and how much they narrow (less is more); `nil` where it has none.
    private func keys(_ clause: SearchClause) -> (rank: Int, keys: [UInt64])? {
        guard clause.modifier == nil || clause.modifier == .exact else { return nil }
        var keys: [UInt64] = []
        var rank = 0
        for value in clause.values {
            guard let found = self.keys(clause, value) else { return nil }
            rank = max(rank, found.rank)
            keys += found.keys
        }
        return (rank, keys)
    }

    private func keys(_ clause: SearchClause, _ value: SearchClause.Value) -> (rank: Int, keys: [UInt64])? {
        let isWhole = clause.modifier == .exact
        switch (clause.parameter, value) {
        case (.identifier, .token(_, let code)) where !code.isEmpty: return (0, [LookupKey.identifier(code)])
        case (.telecom, .token(_, let code)), (.phone, .token(_, let code)), (.email, .token(_, let code)):
            return LookupKey.contact(code).map { (1, [$0]) }
        case (.birthDate, .date(let condition)) where condition.prefix == .eq: return condition.date.flatMap(dayKeys)
        case (.family, .text(let text, _)):
            let given = initialOfGiven
            guard let keys = LookupKey.names(family: text, given: given, isWhole: isWhole) else { return nil }
            return (given == nil ? 5 : 3, keys)
        case (.given, .text(let text, _)): return LookupKey.given(text, isWhole: isWhole).map { (6, [$0]) }
        case (.name, .text(let text, _)):
            guard let names = LookupKey.names(family: text, given: nil, isWhole: isWhole),
                let given = LookupKey.given(text, isWhole: isWhole)
            else { return nil }
            return (7, names + [given])
        default: return nil
        }
    }

    /// The one given name that is asked for, where its beginning tells the first letter.
    private var initialOfGiven: String? {
        for clause in clauses where clause.parameter == .given && clause.values.count == 1 {
            guard clause.modifier == nil || clause.modifier == .exact,
                case .text(let text, let folded) = clause.values[0],
                !folded.isEmpty
            else { continue }
            return text
        }
        return nil
    }

    /// A day is one key, a month its days and itself, a year all of these.
    private func dayKeys(_ date: FHIRDate) -> (rank: Int, keys: [UInt64])? {
        var dates: [FHIRDate] = [date]
        let months = date.month == 0 ? Array(1...12) : [date.month]
        if date.day == 0 {
            for month in months {
                if date.month == 0, let whole = FHIRDate(year: date.year, month: month) { dates.append(whole) }
                dates += (1...31).compactMap { FHIRDate(year: date.year, month: month, day: $0) }
            }
        }
        let rank = date.day > 0 ? 2 : date.month > 0 ? 4 : 8
        return (rank, dates.compactMap { LookupKey.birthDate($0.description) })
    }
}
