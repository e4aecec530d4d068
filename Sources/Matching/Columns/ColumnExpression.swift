/// A condition on two records as SQL would state it, as far as record linkage needs SQL.
///
/// Values are text, numbers or truth; a missing value makes whatever reads it missing, and a missing truth is not true,
/// as in SQL.
public indirect enum ColumnExpression: Sendable, Hashable {
    /// The two records of a pair.
    public enum Side: Sendable, Hashable {
        /// The first record: columns end in `_l`.
        case left
        /// The second record: columns end in `_r`.
        case right
    }

    /// How two values are put together.
    public enum Operator: String, Sendable, Hashable {
        case equal = "="
        case unequal = "<>"
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case joined = "||"
        case and = "AND"
        case or = "OR"
    }

    /// The value of a column of one record.
    case column(Int, Side)
    /// A fixed text.
    case text(String)
    /// A fixed number.
    case number(Double)
    /// Always true: what no level before it took.
    case otherwise
    /// A function of values.
    case call(ColumnFunction, [ColumnExpression])
    /// Two values put together.
    case binary(Operator, ColumnExpression, ColumnExpression)
    /// The opposite.
    case not(ColumnExpression)
    /// Whether a value is missing.
    case isMissing(ColumnExpression)

    /// What an expression gives.
    public enum Value: Sendable, Hashable {
        case missing
        case text(String)
        case number(Double)
        case truth(Bool)
    }

    /// Works the expression out.
    ///
    /// - Parameters:
    ///   - left: the first record's values by column; `nil` where unknown.
    ///   - right: the second record's values.
    /// - Returns: the value; `missing` where a part of it is missing or of another kind than needed.
    public func value(_ left: [String?], _ right: [String?]) -> Value {
        switch self {
        case .column(let index, let side):
            let values = side == .left ? left : right
            guard values.indices.contains(index), let text = values[index] else { return .missing }
            return .text(text)
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        case .otherwise: return .truth(true)
        case .call(let function, let arguments): return function.value(arguments.map { $0.value(left, right) })
        case .not(let operand):
            guard case .truth(let truth) = operand.value(left, right) else { return .missing }
            return .truth(!truth)
        case .isMissing(let operand): return .truth(operand.value(left, right) == .missing)
        case .binary(.and, let first, let second):
            return ColumnExpression.both(first.value(left, right), second.value(left, right), absorbing: false)
        case .binary(.or, let first, let second):
            return ColumnExpression.both(first.value(left, right), second.value(left, right), absorbing: true)
        case .binary(let sign, let first, let second):
            return sign.value(first.value(left, right), second.value(left, right))
        }
    }

    /// True where the condition holds: a missing truth does not.
    public func holds(_ left: [String?], _ right: [String?]) -> Bool { value(left, right) == .truth(true) }

    /// Three-valued AND and OR: one absorbing operand decides, else a missing one does.
    private static func both(_ first: Value, _ second: Value, absorbing: Bool) -> Value {
        if first == .truth(absorbing) || second == .truth(absorbing) { return .truth(absorbing) }
        guard case .truth = first, case .truth = second else { return .missing }
        return .truth(!absorbing)
    }
}

extension ColumnExpression.Operator {
    /// Comparisons, arithmetic and joining of two values.
    func value(_ first: ColumnExpression.Value, _ second: ColumnExpression.Value) -> ColumnExpression.Value {
        switch (first, second) {
        case (.text(let left), .text(let right)):
            if self == .joined { return .text(left + right) }
            return compared(left.utf8.lexicographicallyPrecedes(right.utf8), left == right)
        case (.number(let left), .number(let right)):
            switch self {
            case .plus: return .number(left + right)
            case .minus: return .number(left - right)
            case .times: return .number(left * right)
            case .divided: return right == 0 ? .missing : .number(left / right)
            default: return compared(left < right, left == right)
            }
        case (.truth(let left), .truth(let right)):
            return compared(!left && right, left == right)
        default: return .missing
        }
    }

    private func compared(_ isLess: Bool, _ isEqual: Bool) -> ColumnExpression.Value {
        switch self {
        case .equal: .truth(isEqual)
        case .unequal: .truth(!isEqual)
        case .less: .truth(isLess)
        case .atMost: .truth(isLess || isEqual)
        case .greater: .truth(!isLess && !isEqual)
        case .atLeast: .truth(!isLess)
        default: .missing
        }
    }
}
