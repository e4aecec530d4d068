import Demographics

/// Comparing two words, one of them prepared.
///
/// What is measured here is inside its room; `Linked` holds links to the sources.
enum TextKernels {
    static let all = [jaroWinkler, distance]

    /// Words of names, each in 32 bytes.
    private struct Words {
        static let stride = 32
        var bytes: [UInt8] = []
        var counts: [Int] = []

        init(_ count: Int) {
            for record in Inputs.records(count * 2) where counts.count < count {
                guard let word = NormalisedRecord(record).names.first?.given.first else { continue }
                bytes += word.bytes
                bytes += [UInt8](repeating: 0, count: Words.stride - word.count)
                counts.append(word.count)
            }
        }

        /// Compares the first 16 words with all, by a comparison that takes a prepared pattern and a text.
        func compared(
            _ compare: (UnsafePointer<UInt32>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) -> Int
        ) -> UInt64 {
            var sum = 0
            bytes.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                for query in 0..<16 {
                    let pattern = base + query * Words.stride
                    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PatternTable.length) { table in
                        table.initialize(repeating: 0)
                        guard let table = table.baseAddress else { return }
                        PatternTable.fill(table, pattern, counts[query])
                        for index in counts.indices {
                            sum &+= compare(table, pattern, counts[query], base + index * Words.stride, counts[index])
                        }
                    }
                }
            }
            return UInt64(truncatingIfNeeded: sum)
        }
    }

    private static let jaroWinkler = Kernel(name: "jaro-winkler", item: "a pair of given names", items: 16 * 4_096) {
        let words = Words(4_096)
        return {
            words.compared { table, pattern, patternCount, text, textCount in
                JaroWinkler.similarity(
                    table: table,
                    pattern: pattern,
                    patternCount: patternCount,
                    text: text,
                    textCount: textCount
                )
            }
        }
    }

    private static let distance = Kernel(name: "osa", item: "a pair of given names", items: 16 * 4_096) {
        let words = Words(4_096)
        return {
            words.compared { table, _, patternCount, text, textCount in
                OSADistance.distance(table: table, patternCount: patternCount, text: text, textCount: textCount)
            }
        }
    }
}
