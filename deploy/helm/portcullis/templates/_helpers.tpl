{{- define "portcullis.labels" -}}
{app.kubernetes.io/name: portcullis-{{ . }}, app.kubernetes.io/part-of: portcullis}
{{- end }}

{{- define "portcullis.image" -}}
{{ .root.Values.image.repository }}/{{ .service }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "portcullis.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "portcullis.kafka" -}}
- configMapRef: {name: portcullis-kafka}
- secretRef: {name: {{ . }}, optional: true}
{{- end }}

{{- define "portcullis.exempt" -}}
{{ prepend .Values.exemptNamespaces .Release.Namespace | join "," | quote }}
{{- end }}

{{- define "portcullis.settings" -}}
{{- range $name, $value := . }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{- define "portcullis.oneOnANode" -}}
{{- if .Values.hostNetwork }}
strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
{{- end }}
{{- end }}

{{- define "portcullis.hostNetwork" -}}
{{- if .Values.hostNetwork }}
hostNetwork: true
dnsPolicy: ClusterFirstWithHostNet
{{- end }}
{{- end }}

{{- define "portcullis.hostPorts" -}}
{{- if .root.Values.hostNetwork }}
- {name: QUARKUS_MANAGEMENT_PORT, value: {{ .management | toString | quote }}}
- {name: QUARKUS_HTTP_PORT, value: {{ .dumps | toString | quote }}}
{{- end }}
{{- end }}

{{- define "portcullis.managementPort" -}}
{{- if .root.Values.hostNetwork -}}
- {name: management, containerPort: {{ .port }}, hostPort: {{ .port }}}
{{- else -}}
- {name: management, containerPort: 9000}
{{- end }}
{{- end }}

{{- define "portcullis.probes" -}}
startupProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /q/health/live, port: management}
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /q/health/ready, port: management}
{{- end }}

{{- define "portcullis.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {app.kubernetes.io/name: portcullis-{{ . }}}
    matchLabelKeys: [pod-template-hash]
{{- end }}

{{- define "portcullis.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: portcullis-{{ .service }}
  namespace: {{ .root.Release.Namespace }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app.kubernetes.io/name: portcullis-{{ .service }}}
{{- end }}
