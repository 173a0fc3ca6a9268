# 中文客户端。

product-name = VEV
product-line = 无论身在何处，会场就在眼前。

start-last = 上次访问的会场
start-enter = 进入
start-link = 您的邀请
start-link-hint = 粘贴链接，或输入邀请码
start-enter-venue = 进入会场
start-clear = 清除
start-host = 在本机开设会场
start-host-note = 在本机启动服务器并进入
start-host-back = 返回本机上的会场
start-host-back-note = 会场仍在开放
host-name = 东道主
host-guest = 来宾 { $number }
start-privacy = 活动主办方保存您的姓名、所属代表团、到场和离场时间以及您发送的消息。行走轨迹绝不保存。
start-privacy-read = 隐私声明
start-quit = 退出
start-version = 版本 { $version }

wait-hosting = 正在本机开设会场……
wait-connecting = 正在连接 { $value }……
wait-joining = { $value } 正在核对您的邀请……
wait-loading = 正在加载会场：{ $value } MB
wait-lost = 连接已中断
wait-ended = 目前无法进入
wait-retry-in = { $seconds ->
   *[other] { $seconds } 秒后再次尝试。
}
wait-retrying = 正在重试……
retry-now = 立即重试
retry = 重试
continue-here = 在此继续
go-on = 主办方已确认，继续
to-start = 返回首页
cancel = 取消
back = 返回
close = 关闭

hud-others = { $count ->
    [0] 此处没有其他人
   *[other] 此处另有 { $count } 人
}
hud-unread = { $count ->
   *[other] { $count } 条新消息
}
hud-menu = { $key }：菜单
hud-text = { $key }：发消息
hud-help = { $key }：帮助
hud-stand = { $key }：起立
hud-sit = { $key }：坐下
hud-door = 门：{ $room }
hud-door-shut = 门：{ $room }（未向您开放）

notice-put-back = 该处不能站立，已将您移回原处。
notice-observing = 发言席位已满。在有空位之前，您以观察员身份参加。
notice-reconnected = 连接已恢复。
notice-arrived = { $name } 进来了。
notice-departed = { $name } 离开了。

menu = 菜单
people = 与会者
texts = 消息
rooms = 会议厅
settings = 设置
help = 帮助
leave = 离场
stand-up = 起立

person = { $name }（{ $delegation }）
people-count = { $count ->
   *[other] 本次活动有 { $count } 人在场
}
people-you = 您
kind-observer = 观察员
kind-interpreter = 口译员
kind-kiosk = 现场终端
kind-robot = 现场机器人
kind-service = 服务程序
role-chair = 主席
role-moderator = 主持人
role-organiser = 主办方

texts-room = 本厅
texts-somebody = 已离场的与会者
texts-unread = { $name } · { $count }
texts-none-room = 本厅还没有人发过消息。
texts-none-person = 您与对方还没有互发过消息。
texts-elsewhere = 回到该会议厅后才能再次发送消息。
texts-write-room = 写给本厅所有人
texts-write-person = 写给 { $name }
texts-send = 发送
texts-live = 实时文本
texts-live-note = 在您发送消息或关闭此项之前，他人会实时看到您输入的每个字符。
texts-live-head = { $name } 正在输入
caption = { $name }：{ $words }
texts-left = { $count ->
   *[other] 还可输入 { $count } 个字符
}
text-sending = 正在发送……
text-stored = 已发送
text-failed = 未发送
text-failed-not-connected = 当时没有连接。请在连接恢复后重试。
text-failed-not-stored = 服务器未能保存该消息。请重试；如仍不成功，请告知主办方。
text-failed-rate-limited = 短时间内消息过多。请稍候再试。
text-failed-person-gone = 该与会者已离开活动。
text-failed-room-left = 您已离开该消息所属的会议厅。请返回该厅后重试。
text-failed-not-accepted = 消息过长，或含有无法发送的字符。

rooms-line = 选择一个会议厅即可立刻前往。您的姓名和设置保持不变。
rooms-people = { $count ->
    [0] 无人
   *[other] { $count } 人
}
rooms-here = 您在此处
rooms-go = 前往
rooms-closed = 未向您开放
map = 平面图
map-line = 选择会议厅或座位，即可到达。
map-spoken = 会场平面图；旁边的列表内容相同。
map-sit = 就座
map-seats = { $count ->
   *[other] 此处有 { $count } 个空座位
}
around = 我的周围
around-seat = 空座位
around-seat-named = 空座位 { $label }
around-screen = 屏幕：{ $name }
around-way = { $metres ->
   *[other] { $way }，{ $metres } 米
}
way-ahead = 前方
way-ahead-right = 右前方
way-right = 右侧
way-behind-right = 右后方
way-behind = 后方
way-behind-left = 左后方
way-left = 左侧
way-ahead-left = 左前方
here-room = 您在：{ $room }。
here-alone = 您附近没有人。
here-company = 您附近有：{ $names }。
here-facing = 您前方是：{ $thing }。
list-joint = { "、" }
people-search = 按姓名、代表团或会议厅搜索
people-sort-near = 本厅优先
people-sort-name = 按姓名
people-sort-delegation = 按代表团
people-none = 未找到任何人。
people-go = 带我过去
announce-text = { $name }：{ $text }
invite = 邀请他人
invite-line = 本会场由您开设。每个链接供您网络中的一人使用：复制后发送即可。
invite-copy = 复制链接
invite-copied = 已复制

settings-reading = 语言与阅读
settings-comfort = 舒适
settings-controls = 操作
settings-graphics = 图形
settings-privacy = 隐私
settings-field-of-view = 视野
settings-degrees = { $degrees }°
settings-forget = 清除上次的会场
settings-forget-note = 首页不再显示该会场，您的邀请将从本机删除。再次进入需要链接。
settings-forgotten = 本机不再显示上次的会场。
settings-language = 语言
settings-text-size = 文字大小
settings-contrast = 对比度
settings-contrast-normal = 标准
settings-contrast-high = 高
settings-turning = 转身
settings-turning-snap = 每次 { $degrees }°
settings-turning-smooth = 平滑
settings-mouse = 鼠标环视速度
settings-mouse-slower = 减慢
settings-mouse-faster = 加快
settings-picture = 画面
settings-picture-standard = 标准
settings-picture-low = 简化，适合性能较低的显卡
settings-picture-note = 画面会立即改变。更换显卡则在下次启动 VEV 时生效。
settings-audio = 声音
settings-sounds = 有消息和提示时播放提示音
settings-volume = 音量
settings-volume-less = 减小
settings-volume-more = 增大
settings-sound-kinds = 播放提示音的情形
settings-sound-to-me = 发给我的消息
settings-sound-to-room = 本厅的消息
settings-sound-order = 前往请求、公告和主持人的操作
settings-sound-hands = 举手与放下手
settings-sound-connection = 连接中断与恢复
settings-sound-sample = 试听：{ $sound }
settings-output = 声音输出设备
settings-output-default = 系统默认
settings-output-gone = { $output }（未连接）
settings-mono = 单声道：双耳听到的声音相同
settings-keys-note = 要更改按键，请先选中所在行，再按下新的按键。
settings-keys-press = 请按键……
settings-keys-none = 无按键
settings-keys-taken = { $key } 已用于：{ $deed }。
settings-keys-refused = 此键不能用在这里。请按其他键，或按 Esc 键保持不变。
settings-keys-take = 改用于此
settings-keys-reset = 恢复原按键
settings-keys-reset-all = 重置所有按键
percent = { $value }%

link = 链接
link-to = 打开 { $host }
link-leads = 此链接通往会场之外：
link-letters = 该网页的名称含有其他文字的字母，可能冒充您熟悉的名称：{ $name }
link-hides = 这条消息在地址中隐藏了字符。此处显示的是其真正去向。
link-open = 在浏览器中打开
link-copy = 复制地址

tour-step = 入门：第 { $step } 步，共 { $steps } 步
tour-walk = 用 { $keys } 键行走，或点击地面前往该处。按住鼠标右键可环视四周。
tour-sit = 点击座位即可就座，也可在座位旁按 { $key } 键。穿过敞开的门可进入另一会议厅。
tour-write = 按 { $key } 键给本厅所有人发消息。在菜单的“与会者”中可以找到某位与会者，向其发消息或前往其所在之处。
tour-menu = { $key } 键打开菜单，其中有平面图、设置和其他一切。{ $help } 键打开帮助，可在其中再次查看这些步骤。
tour-next = 下一步
tour-skip = 跳过
tour-done = 完成
tour-again = 再次显示入门步骤

help-move = 用下列按键行走，或点击地面前往该处。按住鼠标右键可环视四周。
help-panels = 一切均可用键盘操作：Tab 键从场景移到按钮和面板并逐项移动，方向键亦可移动，Page Up 和 Page Down 键滚动，回车键确认，Esc 键关闭并回到场景。
help-seat = 点击座位即可就座。在您起立或离场之前，座位一直为您保留。
help-keys = 按键
deed-forward = 前进
deed-backward = 后退
deed-left = 向左移步
deed-right = 向右移步
deed-run = 快走
deed-turn-left = 左转
deed-turn-right = 右转
deed-look-up = 向上看
deed-look-down = 向下看
deed-teleport = 前往某处
deed-sit = 就座或起立
deed-text = 发消息
deed-menu = 菜单
deed-people = 与会者
deed-rooms = 会议厅
deed-map = 平面图
deed-around = 我的周围
deed-where = 我在哪里？
deed-view = 第一或第三人称视角
deed-wave = 挥手
deed-nod = 点头
deed-applaud = 鼓掌
deed-point = 指向
deed-shrug = 耸肩
deed-bow = 鞠躬
deed-thumb-up = 竖起拇指
deed-release = 关闭、释放鼠标
deed-help = 帮助
key-space = 空格
key-shift = Shift
key-ctrl = Ctrl
key-alt = Alt
key-enter = 回车
key-escape = Esc
key-tab = Tab
key-home = Home
key-end = End
key-insert = Insert
key-delete = Delete
key-page-up = Page Up
key-page-down = Page Down
key-numpad = 小键盘 { $key }

leave-sure = 确定要离开会场吗？您的座位将空出。您可以凭同一邀请再次进入。
leave-stay = 留下
leave-yes = 离开会场
leave-quit = 退出程序

reason-seat-taken = 该座位已有人
reason-seat-elsewhere = 座位在另一个会议厅
reason-seat-unknown = 本会场没有此座位
reason-seat-reserved = 该座位已预留给他人
reason-seat-too-far = 座位太远，请走近一些
for-support = 技术支持信息：{ $detail }

problem-link-empty = 请粘贴邀请中的链接，或输入 8 位邀请码。
problem-link-scheme = 会场链接以 https:// 或 vev:// 开头，而此链接以 { $scheme }:// 开头。请从邀请中重新复制。
problem-link-host = “{ $host }”不是服务器地址。请从邀请中复制完整链接。
problem-link-port = 端口“{ $port }”不是 1 到 65535 之间的数字。请从邀请中复制完整链接。
problem-link-event = 链接中没有活动名称：“/e/…”部分缺失或已损坏。请从邀请中复制完整链接。
problem-link-no-code = 链接缺少邀请码（“#”之后的部分）。请从邀请中复制完整链接。
problem-link-code = “{ $code }”不是邀请码：邀请码由 8 个字母和数字组成，例如 7KQ2-M9XT，不使用字母 U。
problem-link-fingerprint = 链接末尾已损坏：句点之后的部分应有 43 个字符。请从邀请中复制完整链接。
problem-code-without-server = 仅凭邀请码只能进入上次访问的会场，而目前还没有。这次请粘贴完整链接。
problem-no-answer = { $host } 没有应答。您的网络可能阻断了 UDP 端口 { $port }：请网络管理员允许向 { $host } 的 { $port } 端口发送 UDP 数据，或换用其他网络。
problem-name-not-found = 找不到名称 { $host }。请检查互联网连接和链接。
problem-network-down = 本机无法连接网络。请检查互联网连接。
problem-server-busy = { $host } 目前不再接受新的连接。请一分钟后重试。
problem-event-over = 活动已结束。请向主办方索取下次活动的邀请。
problem-not-a-venue = { $host } 有应答，但不是 VEV 服务器。请与主办方核对链接。
problem-fingerprint-mismatch = { $host } 出示的密钥与邀请所载不符。可能有人正在窃听，或服务器已重新安装。请勿继续，请向主办方索取新链接。
problem-unknown-server = 您从未访问过 { $host }，链接中也未注明其密钥。其密钥为 { $fingerprint }。请仅在主办方确认后继续。
problem-key-changed = { $host } 出示的密钥与您上次访问时不同。服务器可能已重新设置，也可能有人窃听。其当前密钥为 { $fingerprint }。请仅在主办方确认后继续。
problem-went-away = 与 { $host } 的连接已中断。VEV 会自动重试。
problem-lost-on-the-way = 在您进入会场之前，与 { $host } 的连接已中断。请重试；如仍无效，请换用其他网络。
problem-server-closing = 服务器 { $host } 正在重启。一旦恢复应答，VEV 会自动返回。
problem-wrong-version = 本程序与服务器版本不一致（服务器：{ $server }）。请从链接页面重新获取程序。
problem-unknown-invitation = 服务器没有此邀请的记录。请检查邀请码，或向主办方索取新链接。
problem-expired-invitation = 此邀请已过期。请向主办方索取新邀请。
problem-revoked-invitation = 此邀请已被撤回。如认为有误，请询问主办方。
problem-event-not-open = 活动目前未开放。请向主办方询问开放时间。
problem-rate-limited = 从此处尝试的次数过多。请等一分钟后重试。
problem-bad-proof = 服务器无法验证此设备。请重试；如仍不成功，请向主办方索取新链接。
problem-removed = 您已被移出活动。如认为有误，请询问主办方。
problem-server-full = { $host } 的名额已满。请几分钟后重试，或告知主办方。
problem-server-stopping = { $host } 即将停止，不再允许进入。请几分钟后重试。
problem-server-unavailable = { $host } 目前无法让您进入。请一分钟后重试；如仍无效，请告知主办方。
problem-taken-over = 您已凭同一邀请在另一台设备上继续。选择“在此继续”可回到本设备。
problem-damaged-file = 会场文件 { $file } 两次收到时均已损坏。请告知主办方：会场需要重新发布。
problem-damaged-package = 无法显示会场：会场描述已损坏。请告知主办方：会场需要重新发布。
problem-missing-file = 服务器上没有会场文件 { $file }。请告知主办方：会场需要重新发布。
problem-file-not-arriving = 会场文件 { $file } 无法送达。请重试；如仍无效，请换用其他网络或告知主办方。
problem-loading-stalled = { $host } 不再传来会场数据。请重试；如仍无效，请换用其他网络或告知主办方。
problem-disk-full = 会场无法保存在本机，下次访问时将重新加载。请在 { $folder } 中腾出空间。
problem-data-folder = VEV 无法在 { $folder } 中保存文件。请将该文件夹设为可写，或用 --data-dir 指定其他文件夹。
problem-settings-unreadable = 无法读取 { $file } 中的设置，VEV 将以默认设置启动。原文件保留在旁。
problem-damaged-tile = 会场的一部分无法显示（文件 { $file }）。请告知主办方。
problem-seat-refused = 不能坐在那里：{ $reason }。
problem-can-not-start = 无法启动程序 { $program }。请确认该程序已安装，且您有权运行。
problem-host-missing = 程序 { $program } 不在本程序旁边。请重新解压整个 VEV 压缩包。
problem-host-ended = 无法在本机开设会场。请重试；如仍无效，请重新启动电脑或寻求技术支持。
problem-host-stopped = 本机上的会场已关闭。请从首页重新开设。
problem-sound-replaced = 声音输出设备 { $output } 目前无法使用。声音改由系统默认设备播放，您可以在设置中选择其他设备。
problem-sound-gone = 没有可用的声音输出设备。接上设备之前 VEV 保持静音，提示仍会显示。
problem-no-display = 此处无法打开窗口。请在桌面会话中启动 VEV，或使用 --headless。
problem-no-graphics = 未找到可用的图形适配器。请安装显卡驱动程序，或 Mesa 的软件渲染器。
problem-graphics-lost = 显卡停止工作，画面无法恢复。请重新启动 VEV；如仍无效，请更新显卡驱动程序。

avatar = 您的虚拟形象
start-avatar-note = 照照镜子，选择您的形象
avatar-look = 造型
avatar-skin = 肤色
avatar-clothing = 服装颜色
avatar-own-color = 造型原色
avatar-tone = 色调 { $number }
avatar-turn-left = 向左转
avatar-turn-right = 向右转
avatar-note = 所有人会立即看到您的选择。此选择会保存在本机。
avatar-look-suit = 西装领带
avatar-look-dress = 连衣裙
avatar-look-blouse = 衬衫与半身裙
avatar-look-boubou = 布布袍
avatar-look-sari = 纱丽
avatar-look-scarf = 头巾与长外套
avatar-look-jacket = 西装外套，敞领
avatar-look-kurta = 库尔塔
avatar-look-trousers = 女式裤装
avatar-look-wheelchair = 轮椅，套头衫
avatar-navy = 藏青
avatar-charcoal = 炭灰
avatar-burgundy = 酒红
avatar-green = 绿色
avatar-teal = 青绿
avatar-plum = 梅紫
avatar-sand = 沙色
avatar-light-blue = 浅蓝
avatar-ivory = 象牙白
