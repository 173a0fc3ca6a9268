# 语音：麦克风、谁能听到、如何听到他人。

microphone-open = 打开麦克风
microphone-close = 关闭麦克风
microphone-is-closed = 麦克风已关闭
microphone-is-opening = 正在打开麦克风……
microphone-is-open = 麦克风已打开
microphone-waits = 按住 { $key } 发言
microphone-waits-no-key = 按住按键发言
microphone-is-closed-by-moderator = 麦克风已被主持人关闭
microphone-loudness = 音量 { $value }%
microphone-shut-entered = 您的麦克风已关闭：您在另一个会议厅。
microphone-shut-reconnected = 您的麦克风已关闭：连接曾中断。
microphone-shut-device = 您的麦克风已关闭：设备已断开或已更换。
microphone-shut-headset = 您的麦克风已关闭：头显已摘下。
microphone-shut-talk-began = 您的麦克风已关闭：私下交谈开始了。如需让对方听到您，请打开麦克风。
microphone-shut-talk-ended = 您的麦克风已关闭：私下交谈已结束。
microphone-shut-refused = 您的麦克风保持关闭：您只是旁听。
hearers-room = { $place }：{ $count ->
    [0] 没有人听到您
   *[other] { $count } 人能听到您
}
hearers-table = { $place }：{ $count ->
    [0] 没有人听到您
   *[other] { $count } 人能听到您
}
hearers-stage = 在台上：{ $count ->
    [0] 没有人听到您
   *[other] { $count } 人能听到您
}
hearers-booth = 在同传间：{ $count ->
    [0] 没有人听到您
   *[other] { $count } 人能听到您
}
would-hear-room = { $place }：{ $count ->
    [0] 不会有人听到您
   *[other] 会有 { $count } 人听到您
}
would-hear-table = { $place }：{ $count ->
    [0] 不会有人听到您
   *[other] 会有 { $count } 人听到您
}
would-hear-stage = 在台上：{ $count ->
    [0] 不会有人听到您
   *[other] 会有 { $count } 人听到您
}
would-hear-booth = 在同传间：{ $count ->
    [0] 不会有人听到您
   *[other] 会有 { $count } 人听到您
}
hearers-private = 私下交谈：{ $names }
hearers-quiet = { $place }：此处请勿讲话
settings-voices = 语音
settings-voice-volume = 语音音量
settings-voice-less = 调低语音
settings-voice-more = 调高语音
settings-loudspeakers = 我用扬声器而不是耳机收听
settings-microphone = 麦克风
settings-input-default = 系统默认
settings-input-gone = { $input }（未连接）
settings-push-to-talk = 仅在按住按键时发言
settings-echo = 消除扬声器回声
settings-noise = 减弱持续噪声
settings-gain = 平衡我的音量
microphone-try = 试用麦克风
microphone-try-end = 结束试用
microphone-try-hint = 您会通过服务器听到自己的声音，与他人听到的一样。其他人听不到。
problem-microphone-replaced = 麦克风 { $input } 目前无法使用。现由系统默认麦克风录音，您可以在设置中选择其他麦克风。
problem-no-microphone = 无法打开任何麦克风。请连接麦克风，并在系统设置中允许 VEV 使用。
person-volume = 该与会者的语音音量
person-volume-less = 调低该与会者的语音
person-volume-more = 调高该与会者的语音
settings-room-sound = 会议厅有混响，墙壁会隔声（关闭后语音更清晰）
sound-check = 检查声音
sound-check-hint = 您进入时麦克风始终关闭。
sound-check-listen = 播放声音
sound-check-outside = 横条显示麦克风收到的声音。进入会场后，您还可以听到经服务器传回的自己的声音。
voices-quality = 声音的接收情况
voices-quality-nobody = 目前听不到任何人。
voices-quality-line = { $name }：丢失 { $lost }%，补偿 { $guessed }%，等待 { $ms } 毫秒
