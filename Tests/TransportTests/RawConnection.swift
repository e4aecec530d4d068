import NIOCore
import NIOPosix
import NIOConcurrencyHelpers

/// A TCP connection that sends exactly the bytes a test gives it and keeps what comes back.
final class RawConnection: Sendable {
    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let received = NIOLockedValueBox<[UInt8]>([])
        let closed = Signal()
        let first: [UInt8]

        init(first: [UInt8]) {
            self.first = first
        }

        func channelActive(context: ChannelHandlerContext) {
            guard !first.isEmpty else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: first)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            received.withLockedValue { $0.append(contentsOf: buffer.readableBytesView) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            closed.set()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let collector: Collector
    private let channel: any Channel

    /// Connects and sends the first bytes at once, on the event loop.
    ///
    /// A time limit of the server must not depend on when the test's task runs again.
    init(port: Int, first: [UInt8] = []) async throws {
        let collector = Collector(first: first)
        self.collector = collector
        channel = try await ClientBootstrap(group: Loops.shared)
            .channelInitializer { $0.pipeline.addHandler(collector) }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Stops reading, so that the other side's writes pile up.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    var bytes: [UInt8] { collector.received.withLockedValue { $0 } }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var isClosed: Bool { collector.closed.isSet }

    func close() async {
        try? await channel.close().get()
    }
}
