/// A JSON Patch (RFC 6902): operations on a JSON value, all of them or none.
///
///     let patch = try JSONPatch(parsing: body)
///     let changed = try patch.applied(to: value)
public struct JSONPatch: Sendable, Hashable {
    /// Why a patch cannot be read or applied.
    public struct Fault: Error, Sendable, Hashable {
        /// The operation at fault, counted from 0; -1 where the patch as a whole is.
        public var operation: Int
        /// What was wrong.
        public var reason: String
    }

    /// Most operations of a patch: an edit by hand has a few.
    public static let limit = 1_000

    private enum Kind: String {
        case add, remove, replace, move, copy, test
    }

    private struct Operation: Sendable, Hashable {
        var kind: String
        var path: [String]
        var from: [String]
        var value: JSONValue?
    }

    private let operations: [Operation]

    /// Reads a patch: an array of operations.
    ///
    /// - Throws: `Fault` where it is none.
    public init(_ value: JSONValue) throws(Fault) {
        guard let array = value.array else { throw Fault(operation: -1, reason: "a patch is an array of operations") }
        guard array.count <= Self.limit else {
            throw Fault(operation: -1, reason: "a patch may have at most \(Self.limit) operations")
        }
        var operations: [Operation] = []
        for (index, item) in array.enumerated() {
            guard let name = item["op"]?.string, let kind = Kind(rawValue: name) else {
                throw Fault(operation: index, reason: "op must be add, remove, replace, move, copy or test")
            }
            guard let path = item["path"]?.string.flatMap(Self.pointer) else {
                throw Fault(operation: index, reason: "path must be a JSON pointer such as /name/0/family")
            }
            var operation = Operation(kind: name, path: path, from: [], value: item["value"])
            switch kind {
            case .add, .replace, .test:
                guard operation.value != nil else { throw Fault(operation: index, reason: "value is needed") }
            case .move, .copy:
                guard let from = item["from"]?.string.flatMap(Self.pointer) else {
                    throw Fault(operation: index, reason: "from must be a JSON pointer")
                }
                operation.from = from
            case .remove: break
            }
            operations.append(operation)
        }
        self.operations = operations
    }

    /// Applies the operations in order.
    ///
    /// - Throws: `Fault` at the first that cannot be applied.
    public func applied(to value: JSONValue) throws(Fault) -> JSONValue {
        var value = value
        for (index, operation) in operations.enumerated() {
            do throws(PathFault) {
                try apply(operation, to: &value)
            } catch {
                throw Fault(operation: index, reason: error.reason)
            }
        }
        return value
    }

    private struct PathFault: Error {
        var reason: String
        static let missing = PathFault(reason: "there is nothing at the path")
    }

    private func apply(_ operation: Operation, to value: inout JSONValue) throws(PathFault) {
        let path = operation.path[...]
        switch Kind(rawValue: operation.kind) {
        case .add: try Self.set(operation.value ?? .null, at: path, in: &value, mustExist: false)
        case .replace: try Self.set(operation.value ?? .null, at: path, in: &value, mustExist: true)
        case .remove: _ = try Self.remove(at: path, in: &value)
        case .copy:
            guard let found = Self.find(operation.from[...], in: value) else { throw .missing }
            try Self.set(found, at: path, in: &value, mustExist: false)
        case .move:
            guard !operation.path.starts(with: operation.from) || operation.path == operation.from else {
                throw PathFault(reason: "a value cannot be moved into itself")
            }
            let found = try Self.remove(at: operation.from[...], in: &value)
            try Self.set(found, at: path, in: &value, mustExist: false)
        case .test:
            guard Self.find(path, in: value) == operation.value else {
                throw PathFault(reason: "the value at the path is another one")
            }
        case nil: break
        }
    }

    /// The parts of a JSON pointer (RFC 6901); `nil` where a text is none.
    private static func pointer(_ text: String) -> [String]? {
        guard !text.isEmpty else { return [] }
        guard text.hasPrefix("/") else { return nil }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    private static func find(_ path: ArraySlice<String>, in value: JSONValue) -> JSONValue? {
        guard let key = path.first else { return value }
        if case .array(let array) = value {
            guard let index = index(key, below: array.count) else { return nil }
            return find(path.dropFirst(), in: array[index])
        }
        return value[key].flatMap { find(path.dropFirst(), in: $0) }
    }

    private static func set(
        _ new: JSONValue,
        at path: ArraySlice<String>,
        in value: inout JSONValue,
        mustExist: Bool
    ) throws(PathFault) {
        guard let key = path.first else {
            value = new
            return
        }
        let isLast = path.count == 1
        switch value {
        case .array(var array):
            if isLast, !mustExist {
                guard let index = key == "-" ? array.count : index(key, below: array.count + 1) else { throw .missing }
                array.insert(new, at: index)
            } else {
                guard let index = index(key, below: array.count) else { throw .missing }
                try set(new, at: path.dropFirst(), in: &array[index], mustExist: mustExist)
            }
            value = .array(array)
        case .object(var object):
            if isLast {
                guard !mustExist || object[key] != nil else { throw .missing }
                object[key] = new
            } else {
                guard var inner = object[key] else { throw .missing }
                try set(new, at: path.dropFirst(), in: &inner, mustExist: mustExist)
                object[key] = inner
            }
            value = .object(object)
        default: throw .missing
        }
    }

    private static func remove(at path: ArraySlice<String>, in value: inout JSONValue) throws(PathFault) -> JSONValue {
        guard let key = path.first else { throw PathFault(reason: "the whole value cannot be removed") }
        switch value {
        case .array(var array):
            guard let index = index(key, below: array.count) else { throw .missing }
            let found = path.count == 1 ? array.remove(at: index) : try remove(at: path.dropFirst(), in: &array[index])
            value = .array(array)
            return found
        case .object(var object):
            guard var inner = object[key] else { throw .missing }
            if path.count == 1 {
                object[key] = nil
                value = .object(object)
                return inner
            }
            let found = try remove(at: path.dropFirst(), in: &inner)
            object[key] = inner
            value = .object(object)
            return found
        default: throw .missing
        }
    }

    /// An index of an array without leading zeros.
    private static func index(_ key: String, below limit: Int) -> Int? {
        guard let index = Int(key), String(index) == key, (0..<limit).contains(index) else { return nil }
        return index
    }
}
