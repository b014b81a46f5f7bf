-- The one clock: the server's. NOW in ms, NOW_US in µs.

local NOW, NOW_US
do
  local t = redis.call('TIME')
  NOW_US = t[1] * 1000000 + t[2]
  NOW = math.floor(NOW_US / 1000)
end
