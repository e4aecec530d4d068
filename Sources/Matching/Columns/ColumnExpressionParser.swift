/// Reads a condition from its text: the SQL that linkage models are written in, no more.
///
///     "surname_l" = "surname_r"
///     jaro_winkler_similarity("first_name_l", "first_name_r") >= 0.9 AND NOT "city_l" IS NULL
///     ELSE
///
/// A name that ends in `_l` or `_r` is a column of the first or second record; `left.name` and `l.name` are read too.
public struct ColumnExpressionParser {
    /// Longest text of a condition in bytes, and how deep it may nest: far beyond any that people write.
    private static let byteLimit = 8_192
    private static let depthLimit = 48

    private enum Token: Equatable {
        case name(String)
        case quoted(String)
        case text(String)
        case number(Double)
        case sign(String)
        case end
    }

    private var tokens: [Token] = []
    private var position = 0
    private var depth = 0
    /// Columns by name, in the order of the model.
    public private(set) var columns: [String]

    /// Starts with the columns that are known already; new ones are added behind them.
    public init(columns: [String] = []) { self.columns = columns }

    /// Reads one condition.
    ///
    /// - Throws: `ColumnFault` that says what cannot be read.
    public mutating func parse(_ text: String) throws(ColumnFault) -> ColumnExpression {
        guard text.utf8.count <= ColumnExpressionParser.byteLimit else {
            throw ColumnFault("the condition is longer than \(ColumnExpressionParser.byteLimit) bytes")
        }
        tokens = try ColumnExpressionParser.tokens(of: text)
        position = 0
        depth = 0
        if isWord("ELSE") {
            position += 1
            guard tokens[position] == .end else { throw fault("nothing may follow ELSE") }
            return .otherwise
        }
        let expression = try either()
        guard tokens[position] == .end else { throw fault("cannot read on") }
        return expression
    }

    // MARK: Grammar

    private mutating func either() throws(ColumnFault) -> ColumnExpression {
        depth += 1
        guard depth <= ColumnExpressionParser.depthLimit else { throw ColumnFault("the condition is nested too deep") }
        var result = try all()
        while takeWord("OR") { result = .binary(.or, result, try all()) }
        depth -= 1
        return result
    }

    private mutating func all() throws(ColumnFault) -> ColumnExpression {
        var result = try negation()
        while takeWord("AND") { result = .binary(.and, result, try negation()) }
        return result
    }

    private mutating func negation() throws(ColumnFault) -> ColumnExpression {
        guard takeWord("NOT") else { return try comparison() }
        depth += 1
        guard depth <= ColumnExpressionParser.depthLimit else { throw ColumnFault("the condition is nested too deep") }
        let operand = try negation()
        depth -= 1
        return .not(operand)
    }

    private mutating func comparison() throws(ColumnFault) -> ColumnExpression {
        let first = try sum()
        if takeWord("IS") {
            let isNegated = takeWord("NOT")
            guard takeWord("NULL") else { throw fault("IS must be followed by NULL or NOT NULL") }
            return isNegated ? .not(.isMissing(first)) : .isMissing(first)
        }
        guard case .sign(let text) = tokens[position] else { return first }
        let sign = text == "!=" ? "<>" : text == "==" ? "=" : text
        guard ["=", "<>", "<", "<=", ">", ">="].contains(sign), let found = ColumnExpression.Operator(rawValue: sign)
        else { return first }
        position += 1
        return .binary(found, first, try sum())
    }

    private mutating func sum() throws(ColumnFault) -> ColumnExpression {
        var result = try product()
        while let sign = takeSign(["+", "-", "||"]) { result = .binary(sign, result, try product()) }
        return result
    }

    private mutating func product() throws(ColumnFault) -> ColumnExpression {
        var result = try operand()
        while let sign = takeSign(["*", "/"]) { result = .binary(sign, result, try operand()) }
        return result
    }

    private mutating func operand() throws(ColumnFault) -> ColumnExpression {
        let token = tokens[position]
        position += 1
        switch token {
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .quoted(let name): return try column(name)
        case .sign("-"):
            guard case .number(let number) = tokens[position] else { throw fault("a number must follow `-`") }
            position += 1
            return .number(-number)
        case .sign("("):
            let inner = try either()
            try expect(")")
            return inner
        case .name(let name): return try named(name)
        default:
            position -= 1
            throw fault("a value is missing")
        }
    }

    private mutating func named(_ name: String) throws(ColumnFault) -> ColumnExpression {
        guard tokens[position] == .sign("(") else {
            if tokens[position] == .sign("."), ["l", "r", "left", "right"].contains(name.lowercased()) {
                position += 1
                let inner = tokens[position]
                position += 1
                let side = name.lowercased().first == "l" ? "_l" : "_r"
                if case .quoted(let column) = inner { return try self.column(column + side) }
                if case .name(let column) = inner { return try self.column(column + side) }
                throw fault("a column must follow `\(name).`")
            }
            return try column(name)
        }
        guard let function = ColumnFunction(named: name) else {
            throw ColumnFault("the function `\(name)` is not known")
        }
        position += 1
        var arguments = [try either()]
        while tokens[position] == .sign(",") {
            position += 1
            arguments.append(try either())
        }
        try expect(")")
        guard function.arity.contains(arguments.count) else {
            throw ColumnFault("`\(name)` does not take \(arguments.count) arguments")
        }
        return .call(function, arguments)
    }

    private mutating func column(_ name: String) throws(ColumnFault) -> ColumnExpression {
        let suffix = name.suffix(2).lowercased()
        guard suffix == "_l" || suffix == "_r", name.count > 2 else {
            throw ColumnFault("`\(name)` is no column of a record: it must end in _l or _r")
        }
        let base = String(name.dropLast(2))
        let index = columns.firstIndex(of: base) ?? columns.count
        if index == columns.count { columns.append(base) }
        return .column(index, suffix == "_l" ? .left : .right)
    }

    // MARK: Tokens

    private func isWord(_ word: String) -> Bool {
        guard case .name(let name) = tokens[position] else { return false }
        return name.uppercased() == word
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        position += 1
        return true
    }

    private mutating func takeSign(_ signs: [String]) -> ColumnExpression.Operator? {
        guard case .sign(let sign) = tokens[position], signs.contains(sign) else { return nil }
        position += 1
        return ColumnExpression.Operator(rawValue: sign)
    }

    private mutating func expect(_ sign: String) throws(ColumnFault) {
        guard tokens[position] == .sign(sign) else { throw fault("`\(sign)` is missing") }
        position += 1
    }

    private func fault(_ message: String) -> ColumnFault {
        switch tokens[min(position, tokens.count - 1)] {
        case .name(let text), .quoted(let text), .text(let text), .sign(let text):
            ColumnFault("\(message) at `\(text)`")
        case .number(let number): ColumnFault("\(message) at \(number)")
        case .end: ColumnFault("\(message) at the end")
        }
    }

    private static func tokens(of text: String) throws(ColumnFault) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "\"" || first == "'" || first == "`" {
                guard let end = rest.dropFirst().firstIndex(of: first) else {
                    throw ColumnFault("a quotation mark is not closed")
                }
                let inner = String(rest[rest.index(after: rest.startIndex)..<end])
                tokens.append(first == "'" ? .text(inner) : .quoted(inner))
                rest = rest[rest.index(after: end)...]
            } else if first.isASCII, first.isNumber {
                let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
                guard let number = Double(String(digits)) else { throw ColumnFault("`\(digits)` is no number") }
                tokens.append(.number(number))
                rest = rest.dropFirst(digits.count)
            } else if first.isLetter || first == "_" {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            } else {
                let two = String(rest.prefix(2))
                let isDouble = ["<=", ">=", "<>", "!=", "||", "=="].contains(two)
                let sign = isDouble ? two : String(first)
                guard isDouble || "=<>(),+-*/.".contains(first) else { throw ColumnFault("`\(sign)` is not known") }
                tokens.append(.sign(sign))
                rest = rest.dropFirst(sign.count)
            }
        }
        return tokens + [.end]
    }
}
