# 邀请链接所指向的页面。

brand = 虚拟会场
invited-to = 诚邀您参加
intro = 本次活动在虚拟会场举行。请使用 VEV 程序进入会场，可佩戴头显，也可在电脑窗口中参加。
open-vev = 打开 VEV
open-hint = 没有反应？说明这台电脑尚未安装该程序，请看下文。
your-code = 您的邀请码
code-hint = 如果按钮无效，请在程序的首页输入此邀请码。邀请码仅供您本人使用，请勿转给他人。
copy-link = 复制链接
copied = 已复制
no-code = 地址中缺少您的邀请码。请打开邀请中的完整链接，或在程序的首页输入邀请码。
damaged-code = 链接已损坏：末尾缺失或被改动。请重新打开邀请中的链接，或索取新的链接。
no-script = 您的浏览器未启用脚本，因此本页无法读取您的邀请码。邀请码位于链接中 # 号之后。请复制完整链接，粘贴到程序的首页。
get-heading = 获取程序
get-link = 获取 VEV
get-ask = 请向邀请您的人询问如何获取该程序。
get-start = 启动程序，把邀请中的链接粘贴到首页即可，无需其他设置。
not-yet-heading = 活动尚未开放
opens-at = 活动将于 { $time } 开放。届时请使用同一链接进入。
closed-heading = 活动已结束
closed-body = 感谢您的关注。如果您认为有误，请联系邀请您的人。
unknown-heading = 此处没有该活动
unknown-body = 请检查邀请中的链接。活动可能已更换地址，或已被删除。
busy-heading = 服务器暂时无法响应
busy-body = 请一分钟后再试。如仍无法访问，请告知邀请您的人。
privacy-heading = 您的数据
privacy-stored = 服务器保存主办方录入的您的姓名、代表团、角色和语言，您进出活动和进入各会议厅的时间，您所写的消息，您屏蔽了谁，您举报的内容，他人对您的举报，以及为维持秩序对您采取的措施。
privacy-not-stored = 您的动作、视线和声音不会被保存。
privacy-readers = 发给会议厅的消息由厅内的人阅读，发给个人的消息仅由该人阅读，举报由主持人阅读。主办方的管理员可以查看所保存的内容。
privacy-days = 消息和出席记录在活动结束 { $days ->
   *[other] { $days } 天
}后删除。举报和维持秩序的记录可能保存更长时间，具体期限请询问主办方。
privacy-rights = 您可以向主办方索取您的数据副本，或要求删除您的数据。
privacy-contact = 有关您数据的问题，请联系：{ $contact }
languages = 语言
