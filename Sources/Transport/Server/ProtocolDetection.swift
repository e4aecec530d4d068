internal import HTTP2
internal import NIOCore
internal import NIOHTTP1

/// Decides by ALPN, or in clear text by the first bytes, which protocol a new connection speaks.
///
/// HTTP/2 with prior knowledge begins with a preface of 24 bytes. The decision waits until a byte differs (HTTP/1.1) or
/// all 24 are there; a client that sends part of them and then nothing loses the connection.
final class ProtocolDetection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let server: ServerContext
    private var received = ByteBuffer()
    private var isDecided = false
    private var established: TLSEstablished?
    private var timeout: Scheduled<Void>?

    init(server: ServerContext) {
        self.server = server
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.value.eventLoop.scheduleTask(in: TimeAmount(server.limits.handshakeTimeout)) {
            context.value.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let established as TLSEstablished:
            self.established = established
            guard established.negotiatedProtocol == "h2" else { return }
            decide(context, isHTTP2: true, peer: peer(context))
        case is DrainEvent, ChannelEvent.inputClosed:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard !isDecided else {
            context.fireChannelRead(data)
            return
        }
        received.writeBuffer(&buffer)
        let preface = ServerSession.preface
        let count = min(received.readableBytes, preface.count)
        let isPreface = received.readableBytesView.prefix(count).elementsEqual(preface.prefix(count))
        if isPreface, count < preface.count { return }
        decide(context, isHTTP2: isPreface, peer: peer(context))
    }

    private func peer(_ context: ChannelHandlerContext) -> PeerInfo {
        PeerInfo(
            address: context.remoteAddress.map(Self.text) ?? "",
            isEncrypted: established != nil,
            certificate: established?.certificate
        )
    }

    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return host.contains(":") ? "[\(host)]:\(address.port ?? 0)" : "\(host):\(address.port ?? 0)"
    }

    private func decide(_ context: ChannelHandlerContext, isHTTP2: Bool, peer: PeerInfo) {
        isDecided = true
        let pipeline = context.pipeline.syncOperations
        do {
            if isHTTP2 {
                try pipeline.addHandler(
                    HTTP2ServerHandler(server: server, peer: peer, eventLoop: context.eventLoop),
                    position: .after(self)
                )
            } else {
                try addHTTP1(pipeline, context, peer)
            }
        } catch {
            context.close(promise: nil)
            return
        }
        if received.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(received))
            received = ByteBuffer()
            context.fireChannelReadComplete()
        }
        pipeline.removeHandler(self, promise: nil)
    }

    private func addHTTP1(
        _ pipeline: ChannelPipeline.SynchronousOperations,
        _ context: ChannelHandlerContext,
        _ peer: PeerInfo
    ) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = server.limits.maxHeaderFieldBytes
        limits.maxHeaderListSize = server.limits.maxHeaderBytes
        limits.maxHeaderFieldCount = server.limits.maxHeaderCount
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        try pipeline.addHandlers(
            [
                HTTPResponseEncoder(),
                ByteToMessageHandler(decoder),
                HTTP1ServerHandler(server: server, peer: peer, eventLoop: context.eventLoop),
            ],
            position: .after(self)
        )
    }
}
