# 秩序:举手、管理、安全。

hands = 举手名单
hand-place = { $count }. { $name }
hand-raise = 举手
hand-lower = 放下手
hand-raised = 已举手
microphone-muted = 已被主持人静音
hud-hands = { $count } 人举手
notice-hand-raised = { $name } 举手了。
notice-hand-not-open = 观察员不能要求发言。
deed-hand = 举手或放下手
