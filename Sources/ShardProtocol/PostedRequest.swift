import Bytes
public import Identifiers

/// Asks for single postings: whether a record stands under a key, and with which sketch.
public struct PostedRequest: Sendable, Equatable {
    /// Most places of one request: finding each takes some microseconds, in which the store does nothing else.
    public static let limit = 4_096

    /// Key and record of each, answered in this order.
    public var places: [StoreKey]

    /// Makes a request.
    public init(places: [StoreKey]) { self.places = places }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(places.count))
        for place in places { place.write(into: &writer) }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: Self.limit)
        places = []
        places.reserveCapacity(count)
        for _ in 0..<count { places.append(try StoreKey(from: &reader)) }
    }
}

/// The sketches asked for, in order; `nil` where the record does not stand under the key.
public struct PostedAnswer: Sendable, Equatable {
    /// One a place.
    public var sketches: [SketchBits?]

    /// Makes an answer.
    public init(sketches: [SketchBits?]) { self.sketches = sketches }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(sketches.count))
        for sketch in sketches {
            writer.write(UInt8(sketch == nil ? 0 : 1))
            sketch?.write(into: &writer)
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: PostedRequest.limit)
        sketches = []
        sketches.reserveCapacity(count)
        for _ in 0..<count {
            let isThere: UInt8 = try reader.read()
            sketches.append(isThere == 0 ? nil : try SketchBits(from: &reader))
        }
    }
}
