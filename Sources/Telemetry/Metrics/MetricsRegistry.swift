internal import Locks

/// Holds the metrics of a process and writes them in Prometheus' text format.
///
///     let metrics = MetricsRegistry()
///     let created = metrics.counter(.recordsStored, "created")  // keep it: a look-up costs a lock
///     created.add()
///     send(metrics.prometheusText())
public final class MetricsRegistry: Sendable {
    /// Most series of one metric: labels come from fixed lists, so more means a label took a value from outside.
    public static let seriesLimit = 2_000
    /// The label value that takes what is past `seriesLimit`.
    static let overflow = "other"

    private enum Instrument: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
    }

    private struct Family: Sendable {
        var metric: MetricName
        var series: [[String]: Instrument] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    /// A registry in which every metric without labels starts at zero.
    public init(metrics: [MetricName] = MetricName.all) {
        for metric in metrics where metric.labels.isEmpty { _ = instrument(metric, []) }
    }

    /// The counter of a metric with the given label values; the same one for the same values.
    public func counter(_ metric: MetricName, _ labels: String...) -> Counter {
        guard case .counter(let counter) = instrument(metric, labels) else {
            preconditionFailure("\(metric.name) is no counter")
        }
        return counter
    }

    /// The gauge of a metric with the given label values; the same one for the same values.
    public func gauge(_ metric: MetricName, _ labels: String...) -> Gauge {
        guard case .gauge(let gauge) = instrument(metric, labels) else {
            preconditionFailure("\(metric.name) is no gauge")
        }
        return gauge
    }

    /// The histogram of a metric with the given label values; the same one for the same values.
    public func histogram(_ metric: MetricName, _ labels: String...) -> Histogram {
        guard case .histogram(let histogram) = instrument(metric, labels) else {
            preconditionFailure("\(metric.name) is no histogram")
        }
        return histogram
    }

    private func instrument(_ metric: MetricName, _ labels: [String]) -> Instrument {
        precondition(labels.count == metric.labels.count, "\(metric.name) has the labels \(metric.labels)")
        return families.withLock { families in
            var family = families[metric.name] ?? Family(metric: metric)
            if let known = family.series[labels] { return known }
            var labels = labels
            if family.series.count >= Self.seriesLimit {
                labels = labels.map { _ in Self.overflow }
                if let known = family.series[labels] { return known }
            }
            let made = Self.make(metric.kind)
            family.series[labels] = made
            families[metric.name] = family
            return made
        }
    }

    private static func make(_ kind: MetricName.Kind) -> Instrument {
        switch kind {
        case .counter: .counter(Counter())
        case .gauge: .gauge(Gauge())
        case .histogram(let bounds): .histogram(Histogram(bounds: bounds))
        }
    }

    /// All metrics in Prometheus' text format 0.0.4, sorted by name and by labels.
    public func prometheusText() -> String {
        let snapshot = families.withLock { $0 }
        var text = PrometheusText()
        for name in snapshot.keys.sorted() {
            guard let family = snapshot[name] else { continue }
            text.begin(family.metric)
            let ordered = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            for (labels, instrument) in ordered {
                switch instrument {
                case .counter(let counter): text.sample(family.metric, labels, String(counter.value))
                case .gauge(let gauge): text.sample(family.metric, labels, String(gauge.value))
                case .histogram(let histogram): text.samples(family.metric, labels, histogram.reading)
                }
            }
        }
        return text.text
    }
}
