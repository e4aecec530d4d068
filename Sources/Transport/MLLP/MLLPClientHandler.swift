internal import NIOCore

/// A message on its way, and where its answer goes.
struct MLLPRequest: Sendable {
    let message: [UInt8]
    let answer: EventLoopPromise<[UInt8]>
}

/// One connection of an MLLP client: a message out, its answer in.
final class MLLPClientHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = MLLPRequest
    typealias OutboundOut = ByteBuffer

    private var decoder = MLLPDecoder(limit: MLLPLimits().maxMessageBytes)
    private var open: [EventLoopPromise<[UInt8]>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        open.append(request.answer)
        context.write(wrapOutboundOut(ByteBuffer(bytes: MLLPFrame.framed(request.message))), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var messages: [[UInt8]] = []
        do throws(MLLPDecoder.Fault) {
            try decoder.take(unwrapInboundIn(data).readableBytesView, into: &messages)
        } catch {
            fail(TransportError(.protocolViolation, "answer", error.rawValue))
            context.close(promise: nil)
        }
        for message in messages where !open.isEmpty { open.removeFirst().succeed(message) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(TransportError(.connectionLost, "answer"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error as? TransportError ?? TransportError(.connectionLost, "answer", "\(error)"))
        context.close(promise: nil)
    }

    private func fail(_ error: TransportError) {
        for promise in open { promise.fail(error) }
        open = []
    }
}
